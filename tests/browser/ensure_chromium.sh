#!/bin/sh
# Makes sure that a Chromium is there for the browser tests; names the way out where it cannot.
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" > /dev/null; then exit 0; fi
done
if command -v apt-get > /dev/null; then
  if [ "$(id -u)" = 0 ]; then run=""; else run="sudo"; fi
  echo "Installing Chromium for the browser tests ..."
  $run apt-get update -qq && $run apt-get install -y -qq chromium > /dev/null && exit 0
fi
echo "No Chromium was found: install Chromium or Chrome, or name it in the variable CHROMIUM." >&2
exit 1
