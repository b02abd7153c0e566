/* What this machine can do without anyone's framework: peaks, and products by a BLAS.
 *
 *     native THREADS SECONDS WORKLOAD...
 *
 * A workload is "batch m k n", or "fma128", "fma", "triad COUNT". Prints the name of the BLAS, then for each workload the
 * median of its seconds: of one operation for fma, of one call for the others. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef float narrow __attribute__((vector_size(16)));
#if defined(__AVX512F__)
typedef float wide __attribute__((vector_size(64)));
#elif defined(__AVX__)
typedef float wide __attribute__((vector_size(32)));
#else
typedef narrow wide;
#endif

static int threads;
static double seconds;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* Ten sums at once, enough to hide the latency of an instruction, each in a register. */
#define EACH(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9)
#define START(J) s##J = zero + (float)(part + J),
#define STEP(J) s##J = s##J * x + y;
#define KEEP(J) __asm__ volatile("" : "+x"(s##J));
#define FMA(NAME, VECTOR)                                   \
  static void NAME(long part) {                             \
    VECTOR zero = {}, EACH(START) x = zero + 0.999f, y = zero + 1e-3f; \
    for (int i = 0; i < ROUNDS; i++) {                      \
      EACH(STEP)                                            \
      EACH(KEEP)                                            \
    }                                                       \
  }
enum { ROUNDS = 10000000 };
FMA(fma128, narrow)
FMA(fma_wide, wide)

static float *array[3];
static long count;

static void triad(long part) {
  long from = count * part / threads, to = count * (part + 1) / threads;
  float *restrict a = array[0];
  const float *restrict b = array[1], *restrict c = array[2];
  for (long i = from; i < to; i++) a[i] = b[i] + 0.5f * c[i];
}

static void (*task)(long);

static void *run_part(void *part) {
  task((long)part);
  return NULL;
}

static void run_on_threads(void) {
  pthread_t others[64];
  for (long i = 1; i < threads; i++) pthread_create(&others[i], NULL, run_part, (void *)i);
  task(0);
  for (long i = 1; i < threads; i++) pthread_join(others[i], NULL);
}

typedef void sgemm_function(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
static sgemm_function *sgemm;
static int batch, m, k, n;

static void product(void) {
  for (long i = 0; i < batch; i++)
    sgemm(101, 111, 111, m, n, k, 1, array[0] + i * m * k, k, array[1] + i * k * n, n, 0, array[2] + i * m * n, n);
}

static int by_size(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

/* The median over samples of a millisecond or one call, five or more of them. */
static double median_time(void (*call)(void)) {
  static double times[100000];
  call();
  double start = now();
  long calls = 0;
  do call(), calls++;
  while (now() - start < seconds / 3);
  calls = 1e-3 / ((now() - start) / calls);
  if (calls < 1) calls = 1;
  int samples = 0;
  for (start = now(); (now() - start < seconds || samples < 5) && samples < 100000; samples++) {
    double before = now();
    for (long i = 0; i < calls; i++) call();
    times[samples] = (now() - before) / calls;
  }
  qsort(times, samples, sizeof *times, by_size);
  return times[samples / 2];
}

static void allocate(long length) {
  for (int i = 0; i < 3; i++) {
    free(array[i]);
    if (posix_memalign((void **)&array[i], 64, length * sizeof(float))) exit(1);
    for (long j = 0; j < length; j++) array[i][j] = (j * 7919 % 1000) / 1000.f - 0.5f;
  }
}

static const char *open_blas(void) {
  const char *names[] = {getenv("TROODON_BLAS"), "libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "libblis.so.4"};
  for (int i = 0; i < 5; i++) {
    void *library = names[i] ? dlopen(names[i], RTLD_NOW) : NULL;
    if (!library) continue;
    sgemm = (sgemm_function *)dlsym(library, "cblas_sgemm");
    void (*limit)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    if (limit) limit(threads);
    if (sgemm) return names[i];
  }
  return "no BLAS";
}

int main(int argc, char **argv) {
  threads = atoi(argv[1]);
  seconds = atof(argv[2]);
  puts(open_blas());
  for (int i = 3; i < argc; i++) {
    double time = -1;
    if (sscanf(argv[i], "triad %ld", &count) == 1) {
      allocate(count);
      task = triad;
      time = median_time(run_on_threads);
    } else if (!strncmp(argv[i], "fma", 3)) {
      int lanes = (strcmp(argv[i], "fma128") ? sizeof(wide) : sizeof(narrow)) / sizeof(float);
      task = strcmp(argv[i], "fma128") ? fma_wide : fma128;
      time = median_time(run_on_threads) / (2.0 * lanes * 10 * ROUNDS * threads);
    } else if (sscanf(argv[i], "%d %d %d %d", &batch, &m, &k, &n) == 4 && sgemm) {
      long most = (long)m * k > (long)k * n ? (long)m * k : (long)k * n;
      allocate(batch * (most > (long)m * n ? most : (long)m * n));
      time = median_time(product);
    }
    printf("%.9e\n", time);
  }
  return 0;
}
