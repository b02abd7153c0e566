/** The thread of a worker that is started by the address of this module. */
import { serveLoader } from "./serve_worker.ts";

serveLoader();
