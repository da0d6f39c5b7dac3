"""A flow of shapes, drawn: what is run, in which order, and what shape comes out of each step.

flow        the steps, and groups of them that repeat
placing     where each stands: columns, rows and lanes
wires       the lines between them
svg         the picture, one text without anything outside it
"""

from typed_resnet.drawing.flow import Flow as Flow
from typed_resnet.drawing.flow import Kind as Kind
from typed_resnet.drawing.flow import Step as Step
from typed_resnet.drawing.svg import STYLE as STYLE
from typed_resnet.drawing.svg import svg as svg

__all__ = ["STYLE", "Flow", "Kind", "Step", "svg"]
