// Measuring a sheet of paper: the camera shows it, a tap sends one frame, the answer is told.
export class Sheet {
  #camera;
  #ask;
  #told;

  /**
   * `ask` sends a frame's bytes and the camera's settings, and resolves to what the server says:
   * {sentence, proposal} of the light, or {error}; it rejects where no answer comes. `told` hears
   * each state as (word, answer): opening, aim, measuring, measured, refused, unreachable, or the
   * camera's trouble.
   */
  constructor({ camera, ask, told }) {
    this.#camera = camera;
    this.#ask = ask;
    this.#told = told;
  }

  async open() {
    this.#told("opening");
    try {
      await this.#camera.open();
      this.#told("aim");
    } catch (error) {
      this.#told(error.word ?? "camera_lost");
    }
  }

  async measure() {
    this.#told("measuring");
    try {
      const { jpeg, settings } = await this.#camera.grab();
      await this.#send(await jpeg, settings);
    } catch (error) {
      this.#camera.close();
      this.#told(error.word ?? "camera_lost");
    }
  }

  async #send(frame, settings) {
    const answer = await this.#ask(frame, settings).catch(() => null);
    if (!answer) return this.#told("unreachable");
    if (answer.error) return this.#told("refused", answer);
    this.#camera.close();
    return this.#told("measured", answer);
  }
}
