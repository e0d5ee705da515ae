# Answers one request of HTTP: stdin and stdout are the connection, $1 is the directory of the files, named by their digests.
# shellcheck shell=sh
cd "$1" && read -r hw_key <key || exit 1
read -r hw_method hw_path _ || exit 0
# the headers end with an empty line
while read -r hw_line; do
  case $hw_line in "" | ?) break ;; esac
done
hw_name=${hw_path#"/$hw_key/"}
case $hw_method:$hw_name in
GET:*[!0-9a-f]* | GET:) hw_name= ;;
GET:*) ;;
*) hw_name= ;;
esac
if [ "$hw_name" ] && [ -f "./$hw_name" ]; then
  printf 'HTTP/1.0 200 OK\r\nContent-Length: %s\r\nConnection: close\r\n\r\n' "$(stat -c %s "./$hw_name")"
  exec cat "./$hw_name"
fi
printf 'HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
