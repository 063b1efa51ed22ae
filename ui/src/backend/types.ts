// Made from crates/launcher-core/src/view by: cargo run -p naru-launcher-core --example page_types
// A test compares; change the Rust side.

export type Launcher = { 
/**
 * The launcher's version.
 */
version: string, 
/**
 * Whose launcher it is.
 */
brand: Brand, 
/**
 * What the player has chosen.
 */
settings: Settings, 
/**
 * The game.
 */
game: Game, 
/**
 * Who is logged in.
 */
account: Account, 
/**
 * The providers that a login can be tried at; empty where no services are configured.
 */
providers: Array<Provider>, 
/**
 * The work under way, or the last one that has not been put away.
 */
job: Job | null, 
/**
 * Whether the publisher's part is shown, and what it can do.
 */
publisher: PublisherAccess, 
/**
 * Whether there is a newer launcher.
 */
launcherUpdate: LauncherUpdate, 
/**
 * What may begin now.
 */
obstacles: Obstacles, };

export type Brand = { 
/**
 * The game's name.
 */
game: Bilingual, 
/**
 * One line under it.
 */
tagline: Bilingual, 
/**
 * The studio's name.
 */
studio: string, 
/**
 * The accent colour on a light and on a dark ground, as `#rrggbb`.
 */
accent: [string, string], 
/**
 * Whether news are fetched from somewhere.
 */
hasNews: boolean, };

export type Bilingual = { 
/**
 * Korean.
 */
ko: string, 
/**
 * English.
 */
en: string, };

export type NewsItem = { 
/**
 * When it was published: RFC 3339.
 */
date: string, 
/**
 * Its headline.
 */
title: Bilingual, 
/**
 * Plain text, lines kept.
 */
text: Bilingual, };

export type Settings = { 
/**
 * The language that the player has chosen; nothing means the system's.
 */
language: Language | null, 
/**
 * The language that windows speak.
 */
shownLanguage: Language, 
/**
 * Where the game is installed.
 */
installFolder: string, 
/**
 * The line of releases to follow.
 */
channel: string, 
/**
 * Bytes per second; nothing means as fast as it goes.
 */
rateLimit: number | null, 
/**
 * What a native game is started with.
 */
launchArguments: Array<string>, 
/**
 * Whether the launcher starts with the system.
 */
startWithSystem: boolean, 
/**
 * Whether closing the window leaves the launcher in the tray.
 */
closeToTray: boolean, 
/**
 * The build folder of the publisher's part.
 */
buildFolder: string | null, };

export type SettingsChange = { "setting": "language", "value": Language | null } | { "setting": "channel", "value": string } | { "setting": "rate-limit", "value": number | null } | { "setting": "launch-arguments", "value": Array<string> } | { "setting": "start-with-system", "value": boolean } | { "setting": "close-to-tray", "value": boolean } | { "setting": "build-folder", "value": string | null };

export type Language = "ko" | "en";

export type FolderLook = { 
/**
 * The folder.
 */
path: string, 
/**
 * Bytes that are free there, where the system tells.
 */
freeBytes: number | null, 
/**
 * Bytes that the game takes there; nothing when the size is not known yet.
 */
neededBytes: number | null, 
/**
 * Whether the folder already contains a game of this launcher.
 */
hasGame: boolean, 
/**
 * Whether it holds anything else.
 */
isEmpty: boolean, 
/**
 * Whether the game does not fit; unknown figures forbid nothing.
 */
isTooSmall: boolean, 
/**
 * Whether it can be taken.
 */
isUsable: boolean, };

export type Game = { 
/**
 * Where it is installed.
 */
folder: string, 
/**
 * What is installed.
 */
installed: InstalledRelease | null, 
/**
 * Why the install folder can't be read.
 */
unreadable: Problem | null, 
/**
 * What the server offers.
 */
offer: Offer, 
/**
 * Whether the game runs.
 */
playing: boolean, 
/**
 * Damaged files that `verify` found and that are not repaired yet.
 */
wounds: number, 
/**
 * What the big button does when no job is under way.
 */
action: Action, };

export type Action = "none" | "install" | "update" | "play" | "repair" | "playing";

export type InstalledRelease = { 
/**
 * Its number.
 */
number: number, 
/**
 * Its channel.
 */
channel: string, 
/**
 * Its notes.
 */
notes: Bilingual, 
/**
 * How many files it has.
 */
files: number, 
/**
 * How many bytes they hold.
 */
bytes: number, };

export type Offer = { "state": "unknown" } | { "state": "checking" } | { "state": "up-to-date" } | { "state": "available", 
/**
 * Which, and what it costs.
 */
release: OfferedRelease, } | { "state": "failed", 
/**
 * Why.
 */
problem: Problem, };

export type OfferedRelease = { 
/**
 * Its number.
 */
number: number, 
/**
 * Its notes.
 */
notes: Bilingual, 
/**
 * Bytes of the whole release.
 */
bytes: number, 
/**
 * Bytes to fetch at most.
 */
downloadBytes: number, 
/**
 * Files to fetch, in whole or in part.
 */
downloadFiles: number, 
/**
 * Bytes of it that an interrupted download has left here.
 */
stagedBytes: number, };

export type Account = { "state": "logged-out", 
/**
 * Why the last try came to nothing; nothing when the player closed it.
 */
problem: Problem | null, } | { "state": "logging-in", 
/**
 * Which provider.
 */
provider: string, 
/**
 * Where its page is.
 */
way: LoginWay, } | { "state": "logged-in", 
/**
 * Who.
 */
player: Player, 
/**
 * Where the login is kept.
 */
remembered: Remembered, 
/**
 * What other players see.
 */
publicName: PublicName, } | { "state": "expired", 
/**
 * Who.
 */
player: Player, 
/**
 * Why the last try to log in again came to nothing.
 */
problem: Problem | null, };

export type Provider = { 
/**
 * `kakao` and so on.
 */
name: string, 
/**
 * Where its page may be shown; one at least.
 */
ways: Array<LoginWay>, };

export type LoginWay = "window" | "browser";

export type Player = { 
/**
 * The player's name at the provider. Private.
 */
nickname: string | null, 
/**
 * `kakao` and so on.
 */
provider: string, };

export type PublicName = { "state": "unknown" } | { "state": "unasked", 
/**
 * What the provider calls him; may be empty.
 */
suggestion: string, } | { "state": "chosen", 
/**
 * The name.
 */
name: string, } | { "state": "none" };

export type Remembered = { "place": "keychain" } | { "place": "memory", 
/**
 * Why the keychain was not to be had, in the system's words.
 */
reason: string, };

export type Job = { 
/**
 * Grows with every job of a run of the launcher.
 */
id: number, 
/**
 * What it does.
 */
kind: JobKind, 
/**
 * How it stands.
 */
state: JobState, 
/**
 * What is being done now.
 */
phase: JobPhase | null, 
/**
 * Bytes of this phase that are done.
 */
doneBytes: number, 
/**
 * Bytes of this phase, where they are known beforehand.
 */
totalBytes: number | null, 
/**
 * Files of this phase that are done.
 */
doneFiles: number, 
/**
 * Files of this phase.
 */
totalFiles: number | null, 
/**
 * Over the last seconds; nothing before there is something to measure.
 */
bytesPerSecond: number | null, 
/**
 * For this phase.
 */
secondsLeft: number | null, 
/**
 * Warnings so far; the work continues.
 */
warnings: Array<JobWarning>, };

export type JobKind = "update" | "verify" | "repair" | "move" | "compare" | "publish" | "rollback";

export type JobTraits = { 
/**
 * What it does with the installed game, which must not run meanwhile.
 */
game: GameUse, 
/**
 * Which way files travel. A stop keeps those that have.
 */
transfer: Transfer, };

export type GameUse = "none" | "reads" | "changes";

export type Transfer = "none" | "download" | "upload";

export type JobState = { "state": "running", 
/**
 * Whether it can be paused and cancelled now: not while files are being put in place.
 */
stoppable: boolean, } | { "state": "paused" } | { "state": "done", 
/**
 * What it came to.
 */
outcome: Outcome, } | { "state": "cancelled" } | { "state": "failed", 
/**
 * Why.
 */
problem: Problem, };

export type JobPhase = "scan" | "upload" | "invalidate" | "gather" | "download" | "apply" | "verify" | "copy" | "remove";

export type JobWarning = { 
/**
 * Which.
 */
kind: JobWarningKind, 
/**
 * What it is about.
 */
detail: string, };

export type JobWarningKind = "release2017" | "kept-changed" | "broken-ledger" | "moved-aside" | "mode-refused" | "set-aside" | "refused-name" | "not-invalidated" | "reserved-name" | "empty-folders" | "secrets" | "lost-objects" | "not-for-2017" | "unreadable-release" | "not-removed" | "other";

export type Outcome = { 
/**
 * The release that is installed or published now.
 */
release: number | null, 
/**
 * Bytes that travelled.
 */
travelledBytes: number, 
/**
 * Files that differed from the release: of `verify`, found; of `repair`, repaired.
 */
wounds: number, 
/**
 * Files of the player's own that stayed although the release has others.
 */
kept: Array<string>, };

export type Problem = { 
/**
 * What kind.
 */
code: ProblemCode, 
/**
 * Particulars: paths, addresses, what was expected. May be empty.
 */
detail: string, 
/**
 * What has become of the installed game or of the release.
 */
changed: Changed, };

export type ProblemCode = "config" | "bad-build" | "conflict" | "denied" | "not-found" | "unreachable" | "corrupt" | "bad-format" | "older-release" | "no-space" | "disk-refused" | "busy" | "wounds" | "broken-ledger" | "unsafe-store" | "internal" | "wrong-clock" | "job-running" | "game-running" | "not-installed" | "game-failed" | "login-refused" | "not-logged-in" | "rate-limited" | "name-refused" | "folder-unusable" | "no-publisher" | "not-compared" | "bad-launcher" | "launcher-not-installed" | "forbidden";

export type Changed = "nothing" | "only-stage" | "midway" | "only-uploads" | "released" | "unclear";

export type Board = { 
/**
 * Best first.
 */
rows: Array<BoardRow>, 
/**
 * The player's own place, also where it is on another page.
 */
own: BoardRow | null, 
/**
 * What to ask the next page with.
 */
next: string | null, };

export type BoardRow = { 
/**
 * From 1.
 */
rank: number, 
/**
 * The best score.
 */
score: number, 
/**
 * The chosen name.
 */
nickname: string | null, 
/**
 * Tells players of one name apart.
 */
tag: string, 
/**
 * When the score was reached: RFC 3339.
 */
reachedAt: string, };

export type Statistics = { 
/**
 * How many scores were counted.
 */
total: number, 
/**
 * Points that one bar covers.
 */
width: number, 
/**
 * By rising score; bars without a score are left out.
 */
bars: Array<StatisticsBar>, };

export type StatisticsBar = { 
/**
 * The lowest score of the bar.
 */
from: number, 
/**
 * How many.
 */
count: number, };

export type PublisherAccess = { 
/**
 * Whether it is shown: `--admin`, or credentials are there.
 */
shown: boolean, 
/**
 * The bucket that is published to; nothing while none is configured.
 */
bucket: string | null, };

export type Build = { 
/**
 * The folder.
 */
folder: string, 
/**
 * The live release.
 */
live: number | null, 
/**
 * The number that a release of this build would get.
 */
next: number, 
/**
 * Files of the build.
 */
files: number, 
/**
 * Bytes of the build.
 */
bytes: number, 
/**
 * Bytes that publishing would send.
 */
uploadBytes: number, 
/**
 * Whether the live release is this build, with nothing to bring back and no number to catch up with:
 * there is nothing to publish.
 */
isLive: boolean, 
/**
 * What differs from the live release.
 */
changes: Array<BuildChange>, 
/**
 * What players on the newest older releases would fetch.
 */
predictions: Array<Prediction>, };

export type BuildChange = { 
/**
 * How.
 */
kind: BuildChangeKind, 
/**
 * The file.
 */
path: string, 
/**
 * Of `moved`: where it was.
 */
from: string | null, 
/**
 * Its size; of a deleted file, the size it had.
 */
bytes: number, };

export type BuildChangeKind = "new" | "changed" | "moved" | "deleted" | "mode";

export type Prediction = { 
/**
 * The release that the player has; nothing means a first install.
 */
from: number | null, 
/**
 * Files to fetch, in whole or in part.
 */
files: number, 
/**
 * Bytes to fetch at most.
 */
bytes: number, };

export type ReleaseRow = { 
/**
 * Its number.
 */
number: number, 
/**
 * When it was published: RFC 3339; the 2017 format does not say.
 */
date: string | null, 
/**
 * Its notes.
 */
notes: Bilingual, 
/**
 * How many files.
 */
files: number, 
/**
 * How many bytes.
 */
bytes: number, 
/**
 * The release whose content it names again.
 */
contentOf: number | null, 
/**
 * Whether players get it now.
 */
live: boolean, 
/**
 * Whether it can be gone back to.
 */
canRollBack: boolean, };

export type LauncherUpdate = { "state": "none" } | { "state": "downloading", 
/**
 * Which.
 */
version: string, 
/**
 * Bytes that are here.
 */
doneBytes: number, 
/**
 * Bytes of all of it, where the server says so.
 */
totalBytes: number | null, } | { "state": "ready", 
/**
 * Which.
 */
version: string, } | { "state": "installing", 
/**
 * Which.
 */
version: string, } | { "state": "refused", 
/**
 * Why.
 */
problem: Problem, };

export type Obstacles = { 
/**
 * Starting the game.
 */
play: Array<Obstacle>, 
/**
 * Comparing a build, publishing it and going back to an earlier release.
 */
publish: Array<Obstacle>, 
/**
 * Putting a newer launcher in place.
 */
selfUpdate: Array<Obstacle>, };

export type Obstacle = "game" | "job" | "self-update" | "not-installed";

export type LauncherEvent = { "about": "game", "value": Game } | { "about": "job", "value": Job | null } | { "about": "account", "value": Account } | { "about": "providers", "value": Array<Provider> } | { "about": "settings", "value": Settings } | { "about": "publisher", "value": PublisherAccess } | { "about": "launcher-update", "value": LauncherUpdate } | { "about": "obstacles", "value": Obstacles } | { "about": "scores", "value": null };

/** What holds of every job of a kind. */
export const JOB_TRAITS: Record<JobKind, JobTraits> = {
  "update": {"game":"changes","transfer":"download"},
  "verify": {"game":"reads","transfer":"none"},
  "repair": {"game":"changes","transfer":"download"},
  "move": {"game":"changes","transfer":"none"},
  "compare": {"game":"none","transfer":"none"},
  "publish": {"game":"none","transfer":"upload"},
  "rollback": {"game":"none","transfer":"upload"},
}

/** Bytes of UTF-8 that a release's notes have at most. */
export const NOTES_LIMIT = 6144

/** Characters, as a reader counts them, that a player's public name has at most; and code points. */
export const NAME_LIMIT = { characters: 24, codePoints: 96 }
