/** Thread of a worker that is started by the URL of this module. */
import { serveLoader } from "./serve_worker.ts";

serveLoader();
