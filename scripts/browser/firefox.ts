/** Firefox without a window: the extended support release, which knows less of JavaScript than Chromium. */
import type { Browser } from "./run_page.ts";

/** Settings of a new profile: no pages of its own, no connections. */
const SETTINGS = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("dom.webgpu.enabled", true);
`;

/** Returns the Firefox of `FIREFOX_PATH`, else Debian's; undefined where there is none. */
export function findFirefox(): Browser | undefined {
  const places = [Deno.env.get("FIREFOX_PATH"), "/usr/bin/firefox-esr", "/usr/bin/firefox"];
  const program = places.find((path) => {
    try {
      return path !== undefined && Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  return program === undefined ? undefined : { name: "Firefox", program, args };
}

function args(profile: string): readonly string[] {
  Deno.writeTextFileSync(`${profile}/user.js`, SETTINGS);
  return ["--headless", "--no-remote", "--profile", profile];
}
