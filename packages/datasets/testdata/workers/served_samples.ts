import { serveWorker } from "../../loader/workers/serve_worker.ts";
import * as samples from "./samples.ts";

serveWorker(samples);
