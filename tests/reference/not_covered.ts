/** What PyTorch was asked for and this library has not yet. */

const DECOMPOSITIONS = "matrix decompositions come with the linear algebra package";
const RECURRENT = "recurrent layers come with the sequence models";

/** For each file of this folder, the functions that are not replayed, and why. */
export const NOT_COVERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "linalg.json": {
    inv: DECOMPOSITIONS,
    det: DECOMPOSITIONS,
    slogdet: DECOMPOSITIONS,
    solve: DECOMPOSITIONS,
    cholesky: DECOMPOSITIONS,
    eigvalsh: DECOMPOSITIONS,
    svdvals: DECOMPOSITIONS,
    pinv: DECOMPOSITIONS,
    lstsq: DECOMPOSITIONS,
  },
  "nn.json": {
    conv3d: "three-dimensional convolution comes with the wider layers",
    adaptive_avg_pool2d: "adaptive pooling comes with the wider layers",
    adaptive_max_pool2d: "adaptive pooling comes with the wider layers",
    interpolate: "resampling comes with the wider layers",
    RNN: RECURRENT,
    LSTM: RECURRENT,
    GRU: RECURRENT,
    MultiheadAttention: "the attention layer comes with the sequence models",
  },
  "loss.json": {
    ctc_loss: "the loss of unaligned sequences comes with the sequence models",
  },
};
