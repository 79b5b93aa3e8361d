"""Whether Python and facemask share one cache of Hugging Face.

Serves a network of timm with random weights as a hub on this machine, and lets both libraries fetch it:

1. timm.create_model(pretrained=True) fills an empty cache; `mask train --weights pretrained` then runs offline.
2. `mask train --weights pretrained` fills another empty cache; timm then loads from it offline.

Usage: python hub_cache.py PHOTOS [MASK], with the path of the mask command (default ./mask).
"""
import hashlib, http.server, json, os, pathlib, subprocess, sys, tempfile, threading

NAME = "resnet18.a1_in1k"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(http.server.BaseHTTPRequestHandler):
    """Answers as huggingface.co does for a file of git LFS."""

    content = b""
    asked = []

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, body):
        Hub.asked.append(f"{self.command} {self.path}")
        if not self.path.endswith(f"/timm/{NAME}/resolve/main/model.safetensors"):
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        begin = int(self.headers.get("Range", "bytes=0-").split("=")[1].split("-")[0])
        self.send_response(206 if begin else 200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{hashlib.sha256(Hub.content).hexdigest()}"')
        self.send_header("Content-Length", str(len(Hub.content) - begin))
        self.end_headers()
        if body:
            self.wfile.write(Hub.content[begin:])

    def log_message(self, *args):
        pass


LOAD = """
import sys, torch, timm
model = timm.create_model("resnet18.a1_in1k", pretrained=True)
print(float(sum(p.double().abs().sum() for p in model.parameters())))
"""


def run(words, environment):
    done = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def main():
    import safetensors.torch, timm, torch

    torch.manual_seed(1)
    model = timm.create_model(NAME)
    Hub.content = safetensors.torch.save(model.state_dict(), {"format": "pt"})
    expected = float(sum(p.double().abs().sum() for p in model.parameters()))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://localhost:{server.server_port}"
    photos, mask = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "./mask"
    folder = pathlib.Path(tempfile.mkdtemp())

    def train(name, environment):
        run(
            [mask, "train", "--data", photos, "--weights", "pretrained", "--size", "32", "--epochs", "1",
             "--backbone", NAME, "--runs", str(folder / name)],
            environment)
        record = json.loads(next((folder / name).glob("*/run.json")).read_text())
        return record["startedFrom"]

    one = {"HF_HOME": str(folder / "by-python")}
    told = float(run([sys.executable, "-c", LOAD], {**one, "HF_ENDPOINT": endpoint}))
    assert told == expected, (told, expected)
    start = train("after-python", {**one, "HF_HUB_OFFLINE": "1"})
    assert start["sha256"] == hashlib.sha256(Hub.content).hexdigest(), start
    print("cache of Python, facemask offline:", start["tensors"], start["file"].replace(str(folder), "..."))

    two = {"HF_HOME": str(folder / "by-facemask")}
    start = train("first", {**two, "HF_ENDPOINT": endpoint})
    asked = len(Hub.asked)
    told = float(run([sys.executable, "-c", LOAD], {**two, "HF_HUB_OFFLINE": "1"}))
    assert told == expected and len(Hub.asked) == asked, (told, expected)
    print("cache of facemask, timm offline: the same weights, sum of magnitudes", told)


if __name__ == "__main__":
    main()
