"""Texts with gaps, each a file in the folder ``templates`` of the package that fills it in."""


def filled(package: str, name: str, /, **values: object) -> str:
    """Fill in a package's template; a gap without a value is an error, and in HTML every value is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name).render(values)
