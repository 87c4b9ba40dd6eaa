#!/bin/sh
set -e
npx tidycheck --ignore-path=.tidyignore "$@"
