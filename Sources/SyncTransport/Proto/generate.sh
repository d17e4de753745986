#!/bin/sh
# Makes ../Generated/sync.pb.swift from sync.proto. Needs protoc (apt: protobuf-compiler) and
# protoc-gen-swift, built once in a clone of swift-protobuf 1.39:
#   swift build --product protoc-gen-swift
# Usage: generate.sh [PATH-OF-protoc-gen-swift]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
plugin=${1:-$(command -v protoc-gen-swift || true)}
if [ -z "$plugin" ]; then
  echo "generate.sh: protoc-gen-swift is not in PATH; give its path as the first argument" >&2
  exit 1
fi
mkdir -p "$here/../Generated"
protoc --plugin=protoc-gen-swift="$plugin" --proto_path="$here" \
  --swift_opt=Visibility=Internal --swift_opt=UseAccessLevelOnImports=true \
  --swift_out="$here/../Generated" sync.proto
