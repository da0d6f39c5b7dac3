#!/bin/sh
# Put Helix into a folder, from Debian's packages. Debian 13 is the first to have it, and it brings
# its C library along: so it runs on 12, too, and nothing of the system is replaced.
set -eu
into=$1
sources=/etc/apt/sources.list.d/debian.sources
if [ ! -f $sources ]; then
  echo "Helix is missing: install hx" >&2
  exit 1
fi
. /etc/os-release
mkdir -p "$into/apt/parts" "$into/apt/lists/partial" "$into/apt/archives/partial" "$into/bin"
cd "$into"
into=$(pwd)
sed "s/\b$VERSION_CODENAME\b/trixie/" $sources >apt/parts/trixie.sources
apt() {
  apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$into/apt/parts" \
    -o Dir::State::Lists="$into/apt/lists" -o Dir::Cache="$into/apt" -o APT::Sandbox::User= "$@"
}
apt update
(cd apt/archives && apt download hx libc6 libgcc-s1)
for package in apt/archives/*.deb; do dpkg -x "$package" .; done
rm -r apt
cat >bin/hx <<END
#!/bin/sh
export HELIX_RUNTIME="$into/usr/lib/hx/runtime"
exec "$(echo "$into"/usr/lib/*/ld-linux-*.so.*)" --library-path "$(echo "$into"/usr/lib/*-linux-gnu)" "$into/usr/lib/hx/hx" "\$@"
END
chmod +x bin/hx
bin/hx --version
