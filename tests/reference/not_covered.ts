/** What PyTorch was asked for and this library has not yet. */

const DECOMPOSITIONS = "matrix decompositions come with the linear algebra package";

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
};
