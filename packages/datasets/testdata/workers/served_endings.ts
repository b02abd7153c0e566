import { serveWorker } from "../../loader/workers/serve_worker.ts";
import * as endings from "./endings.ts";

serveWorker(endings);
