# Makes an image of a few kilobytes out of nothing, has containerd run a container of it, and removes all of it. What it needs to
# know is set before: hw_box, hw_image, hw_address, hw_snapshotter, hw_root, hw_c (calls ctr) and hw_program (sets hw_arch and hw_elf).
# shellcheck shell=sh disable=SC2034,SC2154 # variables of other functions
hw_runs() {
  hw_program || return 0
  hw_why=
  hw_dir="$HW_RUN_DIR/check"
  rm -rf "$hw_dir"
  mkdir -p "$hw_dir" || return 1
  # names of its own: containerd goes on with what an import of the same names was writing when it was cut off
  read -r hw_s hw_o </proc/uptime
  hw_own="$$-$hw_s"
  (cd "$hw_dir" && hw_pack) || {
    hw_why='no image can be made: tar or the disk of the journal fails'
    rm -rf "$hw_dir"
    return 1
  }
  hw_t=30
  hw_o=$(hw_c images import --snapshotter "$hw_snapshotter" "$hw_dir/image.tar") || hw_why="an image cannot be imported: $hw_o"
  rm -rf "$hw_dir"
  if [ -z "$hw_why" ]; then
    # containerd may still be clearing up after a container that hung
    hw_o=$(hw_c run --rm --null-io --snapshotter "$hw_snapshotter" --cgroup "/$hw_box" "$hw_image" "check-$hw_own")
    hw_s=$?
    case $hw_s in 0) ;; 124) hw_why='a container does not start, and does not end' ;; *) hw_why="no container can be run: ${hw_o:-it ends with $hw_s}" ;; esac
  fi
  hw_unbox >/dev/null 2>&1
  hw_why=$(printf %s "$hw_why" | tr '\n\r' '  ')
  [ -z "$hw_why" ]
}
hw_pack() {
  # shellcheck disable=SC2059 # the program is all format
  printf "$hw_elf" >./exit && chmod 755 ./exit && tar -cf "layer-$hw_own.tar" exit && hw_s=$(sha256sum <"layer-$hw_own.tar") || return 1
  printf '{"architecture":"%s","os":"linux","config":{"Cmd":["/exit"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\n' "$hw_arch" "${hw_s%% *}" >"config-$hw_own.json" &&
    printf '[{"Config":"config-%s.json","RepoTags":["%s"],"Layers":["layer-%s.tar"]}]\n' "$hw_own" "$hw_image" "$hw_own" >manifest.json &&
    tar -cf image.tar manifest.json "config-$hw_own.json" "layer-$hw_own.tar"
}
hw_unbox() {
  hw_t=10
  if [ -n "$hw_why" ]; then
    for hw_p in /proc/[0-9]*; do
      case $(tr '\0' ' ' <"$hw_p/cmdline") in *" -namespace $hw_box "* | *"/runc/$hw_box "*) kill -9 "${hw_p#/proc/}" ;; esac
    done
    for hw_p in $(hw_c containers ls -q); do
      hw_c tasks rm -f "$hw_p"
      hw_c containers rm "$hw_p"
      hw_c snapshots --snapshotter "$hw_snapshotter" rm "$hw_p"
    done
  fi
  hw_c images rm --sync "$hw_image"
  hw_c namespaces rm "$hw_box"
  rmdir "$hw_root/io.containerd.runtime.v2.task/$hw_box" "/run/containerd/runc/$hw_box" "${hw_address%/*}"/*/"$hw_box"
}
