"""The ResNets, written in the layers."""
