"""Package the VS Code extension: a zip file with a manifest, as `code --install-extension` takes.

python scripts/make_vsix.py editors/vscode typed-resnet.vsix
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPES = """\
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="json" ContentType="application/json"/>
  <Default Extension="js" ContentType="application/javascript"/>
  <Default Extension="md" ContentType="text/markdown"/>
  <Default Extension="txt" ContentType="text/plain"/>
  <Default Extension="vsixmanifest" ContentType="text/xml"/>
</Types>
"""
MANIFEST = """\
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id={name} Version={version} Publisher={publisher}/>
    <DisplayName>{title}</DisplayName>
    <Description xml:space="preserve">{description}</Description>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value={engine}/>
    </Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/>
  </Assets>
</PackageManifest>
"""
KEPT = {".js", ".json", ".md", ".txt"}
"""What an extension needs of its folder, and of the packages that it depends on."""


def manifest(package: dict[str, object]) -> str:
    """Write what VS Code reads of a package first."""
    engines = package["engines"]
    assert isinstance(engines, dict)
    return MANIFEST.format(
        name=quoteattr(str(package["name"])),
        version=quoteattr(str(package["version"])),
        publisher=quoteattr(str(package["publisher"])),
        title=escape(str(package["displayName"])),
        description=escape(str(package["description"])),
        engine=quoteattr(str(engines["vscode"])),
    )


def make(folder: Path, out: Path) -> None:
    """Package an extension with what is installed in its `node_modules`."""
    package = json.loads((folder / "package.json").read_text("utf-8"))
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in KEPT)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("extension.vsixmanifest", manifest(package))
        for path in files:
            archive.write(path, f"extension/{path.relative_to(folder).as_posix()}")


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
