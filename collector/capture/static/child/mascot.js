// The mascot: a round creature with a sprout, drawn from a few parts; style sheets give its colours.
// While a story is told it reads, and shows no feeling: the child's own face comes first.
import { EXPRESSIONS } from "./expressions.js";

const BODY = [
  ["ellipse", "shadow", { cx: 160, cy: 301, rx: 92, ry: 9 }],
  ["ellipse", "limb", { cx: 116, cy: 290, rx: 33, ry: 15 }],
  ["ellipse", "limb", { cx: 204, cy: 290, rx: 33, ry: 15 }],
  ["path", "stem", { d: "M160 58Q158 38 162 26" }],
  ["path", "leaf", { d: "M161 34Q136 34 124 12Q152 4 161 34Z" }],
  ["path", "leaf", { d: "M162 28Q166 2 194 4Q192 28 162 28Z" }],
  [
    "path",
    "skin",
    { d: "M160 50C232 50 274 106 274 176C274 246 226 292 160 292C94 292 46 246 46 176C46 106 88 50 160 50Z" },
  ],
  ["ellipse", "belly", { cx: 160, cy: 232, rx: 70, ry: 50 }],
  ["ellipse", "cheek", { cx: 90, cy: 184, rx: 19, ry: 13 }],
  ["ellipse", "cheek", { cx: 230, cy: 184, rx: 19, ry: 13 }],
];

const OPEN_EYES = [
  ["ellipse", "eye", { cx: 122, cy: 150, rx: 14, ry: 18 }],
  ["ellipse", "eye", { cx: 198, cy: 150, rx: 14, ry: 18 }],
  ["circle", "glint", { cx: 127, cy: 143, r: 5.5 }],
  ["circle", "glint", { cx: 203, cy: 143, r: 5.5 }],
];
const LOOKING_UP = [
  ["ellipse", "eye", { cx: 122, cy: 148, rx: 14, ry: 18 }],
  ["ellipse", "eye", { cx: 198, cy: 148, rx: 14, ry: 18 }],
  ["circle", "glint", { cx: 117, cy: 138, r: 6.5 }],
  ["circle", "glint", { cx: 193, cy: 138, r: 6.5 }],
];
// Looking down at a page: soft lids, for flat ones would look bored or scornful.
const LOWERED_EYES = [
  ["path", "line", { d: "M105 150Q122 167 139 150M181 150Q198 167 215 150" }],
  ["path", "line lash", { d: "M108 157L101 164M122 160V169M136 157L143 164" }],
  ["path", "line lash", { d: "M184 157L177 164M198 160V169M212 157L219 164" }],
];
const SMILE = [["path", "line", { d: "M138 184Q160 208 182 184" }]];
const CALM = [["path", "line", { d: "M147 192Q160 197 173 192" }]];

const ARM_DOWN = [["path", "arm", { d: "M62 204Q42 224 48 250" }]];
const ARM_WAVING = [["path", "arm wave", { d: "M262 204Q294 182 292 138" }]];
const OTHER_ARM_DOWN = [["path", "arm", { d: "M258 204Q278 224 272 250" }]];
const ARMS_IN_FRONT = [
  ["path", "arm", { d: "M58 204Q46 250 92 252" }],
  ["path", "arm", { d: "M262 204Q274 250 228 252" }],
];

const BOOK = [
  ["path", "cover", { d: "M160 208Q108 184 52 200V280Q108 266 160 290Q212 266 268 280V200Q212 184 160 208Z" }],
  ["path", "page", { d: "M160 214Q112 190 64 204V268Q112 256 160 280Z" }],
  ["path", "page", { d: "M160 214Q208 190 256 204V268Q208 256 160 280Z" }],
  ["path", "print", { d: "M80 222Q112 216 142 230M80 242Q112 236 142 250M178 230Q208 216 240 222M178 250Q208 236 240 242" }],
  ["circle", "limb", { cx: 58, cy: 246, r: 17 }],
  ["circle", "limb", { cx: 262, cy: 246, r: 17 }],
];
const LENS = [
  ["path", "arm", { d: "M58 204Q46 250 92 246" }],
  ["path", "arm", { d: "M262 204Q274 250 228 246" }],
  ["rect", "cover", { x: 138, y: 202, width: 44, height: 24, rx: 8 }],
  ["rect", "cover", { x: 92, y: 214, width: 136, height: 76, rx: 18 }],
  ["circle", "page", { cx: 160, cy: 252, r: 28 }],
  ["circle", "glass", { cx: 160, cy: 252, r: 19 }],
  ["circle", "glint", { cx: 153, cy: 245, r: 6 }],
  ["circle", "limb", { cx: 90, cy: 254, r: 16 }],
  ["circle", "limb", { cx: 230, cy: 254, r: 16 }],
];
const STAR = [
  [
    "path",
    "star",
    { d: "M160 186L178 221L217 227L189 254L195 293L160 275L125 293L131 254L103 227L142 221Z" },
  ],
  ["circle", "limb", { cx: 108, cy: 254, r: 16 }],
  ["circle", "limb", { cx: 212, cy: 254, r: 16 }],
];
const HEART = [
  ["path", "heart", { d: "M160 282C92 242 104 200 132 200C148 200 156 210 160 220C164 210 172 200 188 200C216 200 228 242 160 282Z" }],
  ["circle", "limb", { cx: 102, cy: 250, r: 16 }],
  ["circle", "limb", { cx: 218, cy: 250, r: 16 }],
];

const ARMS_UP = [
  ["path", "arm wave", { d: "M262 204Q294 170 286 92" }],
  ["path", "arm wave-back", { d: "M58 204Q26 170 34 92" }],
];

const faces = Object.entries(EXPRESSIONS).map(([name, face]) => [
  name,
  [...ARM_DOWN, ...OTHER_ARM_DOWN, ...BODY, ...face],
]);

const POSES = {
  ...Object.fromEntries(faces),
  stretching: [...ARMS_UP, ...BODY, ...OPEN_EYES, ...SMILE],
  waving: [...ARM_DOWN, ...ARM_WAVING, ...BODY, ...OPEN_EYES, ...SMILE],
  photographing: [...BODY, ...OPEN_EYES, ...CALM, ...LENS],
  reading: [...BODY, ...LOWERED_EYES, ...BOOK],
  giving: [...BODY, ...OPEN_EYES, ...SMILE.map(raise), ...ARMS_IN_FRONT, ...STAR],
  thanking: [...BODY, ...OPEN_EYES, ...SMILE.map(raise), ...ARMS_IN_FRONT, ...HEART],
  puzzled: [...ARM_DOWN, ...OTHER_ARM_DOWN, ...BODY, ...LOOKING_UP, ...CALM],
};

export const POSE_NAMES = Object.keys(POSES);

/** The mascot in one of its poses, as an SVG element that screen readers pass over. */
export function drawMascot(pose, document) {
  const svg = element(document, "svg", { viewBox: "0 0 320 312", class: `mascot ${pose}` });
  svg.setAttribute("aria-hidden", "true");
  for (const [name, part, shape] of POSES[pose]) {
    svg.append(element(document, name, { class: part, ...shape }));
  }
  return svg;
}

/** The mouth moves up where the hands hold something in front of it. */
function raise([name, part]) {
  return [name, part, { d: "M142 164Q160 184 178 164" }];
}

function element(document, name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
