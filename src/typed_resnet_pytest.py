"""`pytest --typed-resnet=my_models`: a test run with checks in the packages under test.

A module by itself, beside the package: pytest imports it at every start, and the library only
where the option is given.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("typed-resnet").addoption(
        "--typed-resnet",
        metavar="PACKAGES",
        default="",
        help="check the sizes in every call of these packages, divided by commas",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Install the checks before any test is collected."""
    packages = [name.strip() for name in config.getoption("--typed-resnet").split(",")]
    if any(packages):
        from typed_resnet import install_import_hook  # noqa: PLC0415  # only where it is wanted

        hook = install_import_hook(*filter(None, packages))
        config.add_cleanup(hook.uninstall)
