/** Pulls as kubelet and crictl do: a call of CRI's image service over the daemon's socket. */
import { connect as dial } from "node:net";
import { connect } from "node:http2";

/** Who logs in at the registry. */
export interface CriLogin {
  user: string;
  password: string;
}

// One field of a protobuf message that has a length: text, or a message of its own.
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

// PullImageRequest: the image (1), and who asks (2).
function pullRequest(image: string, login: CriLogin | undefined): Buffer {
  const spec = field(1, field(1, image));
  if (login === undefined) return spec;
  return Buffer.concat([
    spec,
    field(2, Buffer.concat([field(1, login.user), field(2, login.password)])),
  ]);
}

// Pulls an image by the daemon of a socket; answers what the daemon calls the image, and throws with its words if it cannot.
export async function pullByCri(
  socket: string,
  api: "v1" | "v1alpha2",
  image: string,
  login?: CriLogin,
): Promise<string> {
  const session = connect("http://containerd", { createConnection: () => dial(socket) });
  try {
    return await new Promise((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": `/runtime.${api}.ImageService/PullImage`,
        "content-type": "application/grpc",
        te: "trailers",
      });
      const message = pullRequest(image, login);
      const head = Buffer.alloc(5);
      head.writeUInt32BE(message.length, 1);
      const answer: Buffer[] = [];
      let ended: NodeJS.Dict<string | string[]> = {};
      // a call that fails at once has its status in the headers
      stream.on("response", (headers) => (ended = { ...headers } as typeof ended));
      stream.on("trailers", (trailers) => (ended = trailers));
      stream.on("data", (chunk: Buffer) => answer.push(chunk));
      stream.on("error", reject);
      stream.on("end", () => {
        if (ended["grpc-status"] !== "0")
          reject(new Error(decodeURIComponent(String(ended["grpc-message"] ?? "no answer"))));
        // PullImageResponse: the reference (1), after the head of five bytes, the field's number and its length
        else resolve(Buffer.concat(answer).subarray(7).toString());
      });
      stream.end(Buffer.concat([head, message]));
    });
  } finally {
    session.destroy();
  }
}
