"use strict";

const $ = id => document.getElementById(id);

// Okabe and Ito's colours, which the colour-blind can tell apart; the text says the same.
const TINTS = [["#56b4e9", "#000"], ["#f0e442", "#000"], ["#d55e00", "#000"]];
const NO_MASK_TINT = ["#0072b2", "#fff"];
const UNSURE_TINT = ["#c0c0c0", "#000"];

let photo = null; // the file that is shown
let turn = 0; // counts photos, so that a late answer of an earlier one is dropped
let stream = null;

function words(face) {
  return Object.entries(face.label)
      .map(([attribute, value]) => value === "unsure" ? attribute + " unsure" : attribute === "mask" ? "mask: " + value : value)
      .join(", ");
}

function tint(face) {
  if (!("mask" in face.label)) return NO_MASK_TINT;
  const at = Object.keys(face.probabilities.mask).indexOf(face.label.mask);
  return TINTS[at] ?? UNSURE_TINT;
}

function paint(element, face) {
  const [back, front] = tint(face);
  element.style.setProperty("--tint", back);
  element.style.setProperty("--on-tint", front);
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function percent(value) {
  return (100 * value).toFixed(1) + " %";
}

function say(status, error) {
  $("status").textContent = status;
  $("error").textContent = error ?? "";
  $("error").hidden = !error;
}

/** Returns the error of an answer in plain words. */
function plain(problem) {
  const more = [problem.detail];
  if (problem.status === 429) more.push("Try again in a moment.");
  return problem.title + ": " + more.filter(line => line).join(". ");
}

async function send(path, file) {
  let answer;
  try {
    answer = await fetch(path, {method: "POST", body: file, headers: {"Content-Type": file.type || "application/octet-stream"}});
  } catch {
    throw new Error("The service does not answer. Is it still running?");
  }
  if (answer.ok) return answer;
  const problem = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
  throw new Error(problem ? plain(problem) : "The service answered with status " + answer.status + ".");
}

async function show(file) {
  const mine = ++turn;
  photo = file;
  $("answer").hidden = true;
  document.body.dataset.state = "busy";
  say("Looking for faces ...");
  try {
    const started = performance.now();
    const [answer, picture] = await Promise.all([
      send("/v1/faces", file).then(response => response.json()),
      // A photo that the browser cannot show may still be classified.
      createImageBitmap(file).catch(() => null),
    ]);
    if (mine !== turn) return;
    draw(answer.photos[0], picture);
    const count = answer.photos[0].faces.length;
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    say(count === 0 ? "No face was found." : (count === 1 ? "1 face" : count + " faces") + " in " + seconds + " s.");
    document.body.dataset.state = "done";
  } catch (e) {
    if (mine !== turn) return;
    say("", e.message);
    document.body.dataset.state = "failed";
  }
}

function draw(answer, picture) {
  const canvas = $("photo");
  canvas.width = answer.width;
  canvas.height = answer.height;
  if (picture) canvas.getContext("2d").drawImage(picture, 0, 0, answer.width, answer.height);
  canvas.setAttribute("aria-label", "The photo, with " + answer.faces.length + " faces");
  $("boxes").replaceChildren(...answer.faces.map((face, i) => box(face, i, answer)));
  $("faces").replaceChildren(...answer.faces.map(row));
  $("json").textContent = JSON.stringify(answer, null, 2);
  $("answer").hidden = false;
}

function box(face, i, answer) {
  const made = element("button");
  made.type = "button";
  made.setAttribute("aria-pressed", "false");
  made.setAttribute("aria-label", "Face " + (i + 1) + ": " + words(face));
  const {left, top, right, bottom} = face.box;
  made.style.left = 100 * left / answer.width + "%";
  made.style.top = 100 * top / answer.height + "%";
  made.style.width = 100 * (right - left) / answer.width + "%";
  made.style.height = 100 * (bottom - top) / answer.height + "%";
  made.classList.toggle("low", top < 0.06 * answer.height);
  paint(made, face);
  const tag = element("span", String(i + 1));
  if ("mask" in face.label) tag.append(element("b", face.label.mask));
  made.append(tag);
  made.onclick = () => {
    select(i);
    $("faces").children[i].scrollIntoView({block: "nearest"});
    heatMap(i);
  };
  return made;
}

function row(face, i) {
  const made = element("li");
  paint(made, face);
  const button = element("button", "Show what counted");
  button.type = "button";
  button.onclick = () => { select(i); heatMap(i); };
  made.append(element("h2", "Face " + (i + 1) + ": " + words(face)), button);
  for (const [attribute, values] of Object.entries(face.probabilities)) {
    made.append(element("h3", attribute));
    for (const [value, probability] of Object.entries(values)) {
      const line = element("div", undefined, "bar");
      const track = element("div", undefined, "track");
      const fill = element("div", undefined, "fill");
      fill.style.width = 100 * probability + "%";
      track.setAttribute("aria-hidden", "true");
      track.append(fill);
      line.append(element("span", value), track, element("span", percent(probability), "value"));
      made.append(line);
    }
  }
  const facts = ["detector's score " + face.score.toFixed(2)];
  if ("years" in face) facts.push("about " + Math.round(face.years) + " years");
  made.append(element("p", facts.join(", "), "facts"));
  return made;
}

function select(i) {
  [...$("boxes").children].forEach((child, at) => child.setAttribute("aria-pressed", String(at === i)));
  [...$("faces").children].forEach((child, at) => child.classList.toggle("selected", at === i));
}

async function heatMap(i) {
  const mine = turn;
  const item = $("faces").children[i];
  const button = item.querySelector("button");
  if (item.querySelector(".map") || button.disabled) return;
  button.disabled = true;
  try {
    const answer = await send("/v1/heatmap?face=" + i, photo);
    const picture = await createImageBitmap(await answer.blob());
    if (mine !== turn) return;
    const map = element("div", undefined, "map");
    const canvas = element("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Heat map of face " + (i + 1));
    map.append(canvas, element("p", "The redder a square, the more the answer's probability drops when it is covered."));
    button.replaceWith(map);
    say("The heat map of face " + (i + 1) + " is shown.");
  } catch (e) {
    if (mine !== turn) return;
    button.disabled = false;
    say("", e.message);
  }
}

function take(files) {
  const file = [...files].find(one => one.type.startsWith("image/")) ?? files[0];
  if (file) show(file);
}

$("file").onchange = event => {
  take(event.target.files);
  event.target.value = ""; // the same file again is a change, too
};

document.addEventListener("paste", event => {
  if (event.clipboardData.files.length === 0) return;
  event.preventDefault();
  take(event.clipboardData.files);
});

// Anywhere on the page, since a photo that misses the field would replace the page.
document.addEventListener("dragover", event => { event.preventDefault(); $("drop").classList.add("over"); });
document.addEventListener("dragleave", () => $("drop").classList.remove("over"));
document.addEventListener("drop", event => {
  event.preventDefault();
  $("drop").classList.remove("over");
  if (event.dataTransfer.files.length > 0) take(event.dataTransfer.files);
});

function stopWebcam() {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  $("video").srcObject = null;
  $("video").hidden = true;
  $("shoot").hidden = true;
  $("webcam").textContent = "Use the webcam";
  $("webcam").setAttribute("aria-pressed", "false");
}

$("webcam").onclick = async () => {
  if (stream) {
    stopWebcam();
    return;
  }
  if (!navigator.mediaDevices) {
    say("", "The browser gives the webcam to pages of localhost and of https alone.");
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({video: true});
    $("video").srcObject = stream;
    $("video").hidden = false;
    await $("video").play();
    $("shoot").hidden = false;
    $("webcam").textContent = "Stop the webcam";
    $("webcam").setAttribute("aria-pressed", "true");
    say("The webcam is on.");
  } catch (e) {
    stopWebcam();
    say("", e.name === "NotAllowedError" ? "The browser was not allowed to use the webcam."
        : e.name === "NotFoundError" ? "This machine has no webcam." : "The webcam cannot be used: " + e.message);
  }
};

$("shoot").onclick = () => {
  const video = $("video");
  const frame = element("canvas");
  frame.width = video.videoWidth;
  frame.height = video.videoHeight;
  frame.getContext("2d").drawImage(video, 0, 0);
  frame.toBlob(file => show(file), "image/jpeg", 0.92);
};

fetch("/v1/model").then(answer => answer.json()).then(model => {
  const nets = model.models.map(one => one.architecture).join(", ");
  $("model").textContent = [nets, Object.keys(model.attributes).join(", "), "faces found with " + model.faces.detector.name]
      .filter(part => part).join(" · ");
}).catch(() => {});
