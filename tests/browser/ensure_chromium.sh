#!/bin/sh
# Makes sure that a Chromium is there for the browser tests; names the way out where it cannot.
# certutil tells it which authority to trust: without it those few tests are left out.
install() {
  command -v apt-get > /dev/null || return 1
  if [ "$(id -u)" = 0 ]; then run=""; else run="sudo"; fi
  echo "Installing $1 for the browser tests ..."
  $run apt-get update -qq && $run apt-get install -y -qq "$1" > /dev/null
}
command -v certutil > /dev/null || install libnss3-tools ||
  echo "No certutil was found: the tests of the authority in Chromium are left out." >&2
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" > /dev/null; then exit 0; fi
done
install chromium && exit 0
echo "No Chromium was found: install Chromium or Chrome, or name it in the variable CHROMIUM." >&2
exit 1
