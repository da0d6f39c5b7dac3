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


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Install the checks before anything is imported: a conftest.py may name the packages."""
    named = early_config.known_args_namespace.typed_resnet
    packages = [name.strip() for name in named.split(",")]
    if any(packages):
        from typed_resnet import install_import_hook  # noqa: PLC0415  # only where it is wanted

        hook = install_import_hook(*filter(None, packages))
        hook.expected = frozenset({"_pytest"})  # it rewrites every test module: the header says so
        early_config.add_cleanup(hook.uninstall)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say once what is checked, where a warning for each test module would say the same."""
    named = config.getoption("typed_resnet")
    return named and (
        f"typed-resnet: checks {named}; of modules that pytest rewrites,"
        " not what is inside functions or under other decorators"
    )
