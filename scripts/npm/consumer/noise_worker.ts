/** The module of the workers of `page.ts`. */
import { serveWorker } from "@troodon/troodon";
import * as noise from "./noise.ts";

serveWorker(noise);
