/** Eigenvalues of one symmetric matrix. */

/** `A = V diag(d) V'`, the smallest first. */
export interface EigenFactors {
  /** n numbers. */
  readonly values: Float64Array;
  /** One eigenvector a column: [n, n], row-major; empty if not wanted. */
  readonly vectors: Float64Array;
}

/**
 * Brings a symmetric matrix to tridiagonal form by Householder reflections (Martin, Reinsch and Wilkinson, 1968;
 * EISPACK's tred2). `t` holds the columns of the matrix as rows, and afterwards those of the product of the
 * reflections if `vectors`; `d` becomes the diagonal and `e` what is beside it, from 1 on.
 */
function tridiagonalize(
  t: Float64Array,
  d: Float64Array,
  e: Float64Array,
  n: number,
  vectors: boolean,
): void {
  for (let j = 0; j < n; j++) d[j] = t[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0, h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = t[j * n + i - 1]!;
        t[j * n + i] = t[i * n + j] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k] = d[k]! / scale;
        h += d[k]! * d[k]!;
      }
      const head = d[i - 1]!, g = head > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= head * g;
      d[i - 1] = head - g;
      e.fill(0, 0, i);
      for (let j = 0; j < i; j++) {
        const f = d[j]!;
        t[i * n + j] = f;
        let sum = e[j]! + t[j * n + j]! * f;
        for (let k = j + 1; k < i; k++) {
          sum += t[j * n + k]! * d[k]!;
          e[k] = e[k]! + t[j * n + k]! * f;
        }
        e[j] = sum;
      }
      let f = 0;
      for (let j = 0; j < i; j++) {
        e[j] = e[j]! / h;
        f += e[j]! * d[j]!;
      }
      for (let j = 0; j < i; j++) e[j] = e[j]! - (f / (h + h)) * d[j]!;
      for (let j = 0; j < i; j++) {
        const x = d[j]!, y = e[j]!;
        for (let k = j; k < i; k++) t[j * n + k] = t[j * n + k]! - (x * e[k]! + y * d[k]!);
        d[j] = t[j * n + i - 1]!;
        t[j * n + i] = 0;
      }
    }
    d[i] = h;
  }
  if (vectors) collect(t, d, n);
  for (let j = 0; j < n; j++) {
    d[j] = t[j * n + (vectors ? n - 1 : j)]!;
    if (vectors) t[j * n + n - 1] = j === n - 1 ? 1 : 0;
  }
  e[0] = 0;
}

/** Multiplies the reflections that {@linkcode tridiagonalize} left in `t`; its diagonal goes to the last row. */
function collect(t: Float64Array, d: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    t[i * n + n - 1] = t[i * n + i]!;
    t[i * n + i] = 1;
    const h = d[i + 1]!, next = (i + 1) * n;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = t[next + k]! / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += t[next + k]! * t[j * n + k]!;
        for (let k = 0; k <= i; k++) t[j * n + k] = t[j * n + k]! - g * d[k]!;
      }
    }
    t.fill(0, next, next + i + 1);
  }
}

/** The implicit QL algorithm (Bowdler, Martin, Reinsch and Wilkinson, 1968; EISPACK's tql2) on what that left. */
function diagonalize(t: Float64Array, d: Float64Array, e: Float64Array, n: number, vectors: boolean): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0, bound = 0;
  for (let l = 0; l < n; l++) {
    bound = Math.max(bound, Math.abs(d[l]!) + Math.abs(e[l]!));
    const tiny = Number.EPSILON * bound;
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > tiny) m++;
    while (m > l && Math.abs(e[l]!) > tiny) {
      const before = d[l]!, p0 = (d[l + 1]! - before) / (2 * e[l]!);
      const r0 = p0 < 0 ? -Math.hypot(p0, 1) : Math.hypot(p0, 1);
      d[l] = e[l]! / (p0 + r0);
      d[l + 1] = e[l]! * (p0 + r0);
      const second = d[l + 1]!, step = before - d[l]!;
      for (let i = l + 2; i < n; i++) d[i] = d[i]! - step;
      shift += step;
      const beside = e[l + 1]!;
      let p = d[m]!, c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0;
      for (let i = m - 1; i >= l; i--) {
        c3 = c2;
        c2 = c;
        s2 = s;
        const g = c * e[i]!, h = c * p, r = Math.hypot(p, e[i]!);
        e[i + 1] = s * r;
        s = e[i]! / r;
        c = p / r;
        p = c * d[i]! - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]!);
        if (!vectors) continue;
        for (let k = 0, x = i * n, y = x + n; k < n; k++, x++, y++) {
          const a = t[x]!, b = t[y]!;
          t[y] = s * a + c * b;
          t[x] = c * a - s * b;
        }
      }
      p = -s * s2 * c3 * beside * e[l]! / second;
      e[l] = s * p;
      d[l] = c * p;
    }
    d[l] = d[l]! + shift;
    e[l] = 0;
  }
}

/** The eigenvalues, and eigenvectors if wanted, of a symmetric matrix, of which the lower triangle is read. */
export function symmetricEigen(a: Float64Array, n: number, vectors: boolean): EigenFactors {
  const t = new Float64Array(n * n), d = new Float64Array(n), e = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) t[i * n + j] = t[j * n + i] = a[i * n + j]!;
  if (n > 0) {
    tridiagonalize(t, d, e, n, vectors);
    diagonalize(t, d, e, n, vectors);
  }
  const order = Array.from(d.keys()).sort((i, j) => d[i]! - d[j]!),
    values = Float64Array.from(order, (i) => d[i]!);
  if (!vectors) return { values, vectors: new Float64Array(0) };
  const columns = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let k = 0; k < n; k++) columns[k * n + to] = t[from * n + k]!;
  });
  return { values, vectors: columns };
}
