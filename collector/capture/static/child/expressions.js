// The mascot's eight faces, drawn from few parts, for a child that wants to try once more with it.
// What each shows follows the action units of basic emotions (P. Ekman, W. V. Friesen, "Facial
// Action Coding System", 1978): brows, eyes and mouth alone, as far as a round creature has them.

const line = (d, part = "line") => ["path", part, { d }];
const shape = (d, part) => ["path", part, { d }];
const oval = (part, cx, cy, rx, ry) => ["ellipse", part, { cx, cy, rx, ry }];

const EYES = [
  oval("eye", 122, 150, 14, 18),
  oval("eye", 198, 150, 14, 18),
  oval("glint", 127, 143, 5.5, 5.5),
  oval("glint", 203, 143, 5.5, 5.5),
];

/** White shows all around the eye. */
const wide = (ry, pupil) => [
  oval("white", 120, 146, 25, ry),
  oval("white", 200, 146, 25, ry),
  oval("eye", 120, 146, pupil, pupil * 1.15),
  oval("eye", 200, 146, pupil, pupil * 1.15),
  oval("glint", 124, 140, 4.5, 4.5),
  oval("glint", 204, 140, 4.5, 4.5),
];

export const EXPRESSIONS = {
  // Brows high, eyes wide, the jaw drops.
  surprise: [
    ...wide(29, 12),
    line("M94 104Q118 84 142 100", "line brow"),
    line("M178 100Q202 84 226 104", "line brow"),
    oval("mouth", 160, 216, 22, 29),
    shape("M144 229Q160 214 176 229Q174 245 160 245Q146 245 144 229Z", "tongue"),
  ],
  // Nose wrinkled, upper lip raised, eyes narrowed, the tongue out.
  disgust: [
    line("M102 151Q122 138 142 153"),
    line("M178 153Q198 138 218 151"),
    line("M106 161Q122 166 138 160", "line thin"),
    line("M182 160Q198 166 214 161", "line thin"),
    line("M92 124Q120 116 144 138", "line brow"),
    line("M176 138Q200 116 228 124", "line brow"),
    line("M150 168L160 160L170 168M152 180L160 173L168 180", "line thin"),
    shape("M118 226Q122 194 160 194Q198 194 202 226Q184 216 160 216Q136 216 118 226Z", "mouth"),
    shape("M142 211Q160 207 178 211L180 238Q178 256 160 256Q142 256 140 238Z", "tongue"),
    line("M160 216V238", "line tongue-line"),
  ],
  // Inner brows up, lids heavy, corners of the mouth down.
  sad: [
    oval("eye", 122, 158, 13, 15),
    oval("eye", 198, 158, 13, 15),
    oval("glint", 118, 153, 4.5, 4.5),
    oval("glint", 194, 153, 4.5, 4.5),
    shape("M102 150Q122 134 144 142L144 134Q120 124 100 142Z", "lid"),
    shape("M218 150Q198 134 176 142L176 134Q200 124 220 142Z", "lid"),
    line("M98 134Q118 126 142 108", "line brow"),
    line("M222 134Q202 126 178 108", "line brow"),
    line("M130 222Q160 192 190 222"),
    shape("M100 176Q88 196 100 203Q112 196 100 176Z", "tear"),
  ],
  // Brows down and together, eyes hard, teeth shown.
  angry: [
    oval("eye", 124, 156, 13, 15),
    oval("eye", 196, 156, 13, 15),
    oval("glint", 128, 152, 4, 4),
    oval("glint", 200, 152, 4, 4),
    shape("M96 122L148 150L148 138L100 108Z", "lid"),
    shape("M224 122L172 150L172 138L220 108Z", "lid"),
    line("M92 116L146 146", "line brow strong"),
    line("M228 116L174 146", "line brow strong"),
    line("M156 132V146M164 132V146", "line thin"),
    shape("M120 226Q120 196 160 196Q200 196 200 226Q160 214 120 226Z", "mouth"),
    shape("M130 215Q132 203 160 203Q188 203 190 215Q160 207 130 215Z", "teeth"),
    line("M145 204V210M160 203V208M175 204V210", "line tooth"),
  ],
  // Brows up and together, eyes wide, the mouth drawn back and trembling.
  fear: [
    ...wide(27, 8),
    line("M94 116Q118 104 146 92", "line brow"),
    line("M226 116Q202 104 174 92", "line brow"),
    shape("M116 208Q128 198 138 206Q149 214 160 206Q171 198 182 206Q194 198 204 208Q206 228 192 230Q182 222 171 230Q160 236 149 230Q138 222 128 230Q114 228 116 208Z", "mouth"),
    line("M138 216Q149 222 160 216Q171 210 182 216", "line teeth-line"),
    shape("M250 96Q238 116 250 124Q262 116 250 96Z", "sweat"),
  ],
  // Cheeks up, eyes smiling, the mouth open and wide.
  happy: [
    line("M102 156Q122 126 142 156"),
    line("M178 156Q198 126 218 156"),
    line("M100 118Q120 104 140 112", "line brow"),
    line("M180 112Q200 104 220 118", "line brow"),
    shape("M112 186Q160 200 208 186Q206 242 160 242Q114 242 112 186Z", "mouth"),
    shape("M120 191Q160 204 200 191L199 202Q160 213 121 202Z", "teeth"),
    shape("M134 228Q160 206 186 228Q176 241 160 241Q144 241 134 228Z", "tongue"),
  ],
  // One corner of the mouth up, one brow raised, looking down at somebody from the side.
  contempt: [
    oval("white", 122, 152, 21, 19),
    oval("white", 198, 152, 21, 19),
    oval("eye", 133, 155, 10, 12),
    oval("eye", 209, 155, 10, 12),
    shape("M97 152Q100 128 122 128Q146 128 147 152Z", "lid"),
    shape("M173 152Q176 128 198 128Q222 128 223 152Z", "lid"),
    line("M99 152H145M175 152H221"),
    line("M98 128Q120 124 144 132", "line brow"),
    line("M176 116Q200 92 226 110", "line brow"),
    line("M126 214Q160 222 184 208Q200 198 202 184"),
    line("M197 180Q205 179 209 185", "line thin"),
  ],
  // Nothing moves.
  neutral: [
    ...EYES,
    line("M104 116Q122 109 140 116", "line brow"),
    line("M180 116Q198 109 216 116", "line brow"),
    line("M134 206H186"),
  ],
};
