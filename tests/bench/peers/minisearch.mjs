// MiniSearch as a peer (see minisearch.py): node minisearch.mjs build|add|serve MODULE DIRECTORY
import fs from "node:fs"
import path from "node:path"
import readline from "node:readline"
import { pathToFileURL } from "node:url"

const [verb, module, directory] = process.argv.slice(2)
const { default: MiniSearch } = await import(pathToFileURL(module))
const at = (name) => path.join(directory, name)
const json = (name) => JSON.parse(fs.readFileSync(at(name), "utf8"))

const boosts = json("boosts.json")
const fields = Object.keys(boosts)
const options = { fields, storeFields: [...fields, "tag", "year"] }
const FOUND = 10
const MOMENTS = 3
const FACET_VALUES = 1000
const MOMENT = 1

if (verb === "serve") serve()
else write(verb)

function write(verb) {
  const documents = fs.readFileSync(at("documents.jsonl"), "utf8").split("\n").map((line) => JSON.parse(line))
  let index
  if (verb === "build") {
    index = new MiniSearch(options)
  } else {
    index = MiniSearch.loadJSON(fs.readFileSync(at("index.json"), "utf8"), options)
    const first = index.documentCount
    for (const document of documents) document.id += first
  }
  index.addAll(documents)
  fs.writeFileSync(at("index.json"), JSON.stringify(index))
}

function serve() {
  const index = MiniSearch.loadJSON(fs.readFileSync(at("index.json"), "utf8"), options)
  const { heads, columns } = json("catalogue.json")
  process.stdout.write("ready\n")
  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const asked = JSON.parse(line)
    const started = performance.now()
    const body = answer(index, heads, columns, asked)
    const seconds = (performance.now() - started) / 1000
    process.stdout.write(seconds + "\n" + body + "\n")
  })
}

function answer(index, heads, columns, asked) {
  const last = asked.text.split(" ").length - 1
  const hits = index.search(asked.text, {
    boost: boosts,
    combineWith: asked.any ? "OR" : "AND",
    prefix: asked.prefix && ((term, place) => place === last),
    fuzzy: asked.fuzzy && 0.2,
    filter: asked.filters.length
      ? (hit) => asked.filters.every(([kind, value]) => [hit[kind]].flat().includes(value))
      : undefined,
  })
  // Hits come best first, so the first of an episode is its best.
  const found = new Map()
  let moments = 0
  for (const hit of hits) {
    const episode = columns.episode[hit.id]
    let own = found.get(episode)
    if (!own) found.set(episode, (own = { episode, score: hit.score, head: null, moments: [] }))
    if (columns.kind[hit.id] === MOMENT) {
      own.moments.push(hit)
      moments += 1
    } else if (columns.kind[hit.id] === 0) own.head = hit
  }
  const page = []
  for (const own of found.values()) {
    page.push(own)
    if (page.length === FOUND) break
  }
  return JSON.stringify({
    query: asked.shown,
    interpreted: asked.shown,
    found_episodes: found.size,
    found_moments: moments,
    page: 1,
    per_page: FOUND,
    facets: facets(heads, found.keys()),
    results: page.map((own) => result(heads[own.episode], columns, own)),
  })
}

function facets(heads, episodes) {
  const counts = { tag: new Map(), guest: new Map(), category: new Map(), year: new Map() }
  for (const episode of episodes) {
    for (const kind in counts) {
      const own = counts[kind]
      for (const value of heads[episode].facets[kind]) own.set(value, (own.get(value) ?? 0) + 1)
    }
  }
  for (const kind in counts) {
    counts[kind] = [...counts[kind]]
      .sort((a, b) => b[1] - a[1])
      .slice(0, FACET_VALUES)
      .map(([value, count]) => ({ value, label: value, count }))
  }
  return counts
}

function result(head, columns, own) {
  const shown = own.head ? [own.head, ...own.moments.slice(0, MOMENTS)] : own.moments.slice(0, MOMENTS)
  const terms = [...new Set(shown.flatMap((hit) => hit.terms))]
  return {
    ...head.shown,
    title: head.title,
    title_html: marked(head.title, terms),
    description_html: marked(head.description, terms),
    score: own.score,
    found_moments: own.moments.length,
    timeline: own.moments.map((hit) => columns.start[hit.id]).sort((a, b) => a - b),
    moments: own.moments.slice(0, MOMENTS).map((hit) => moment(head.shown, columns, hit)),
  }
}

function moment(shown, columns, hit) {
  const start = columns.start[hit.id]
  const end = columns.end[hit.id]
  const time = clock(start)
  return {
    start,
    end: end < 0 ? null : end,
    time,
    text: hit.text,
    html: marked(hit.text, hit.terms),
    url: `${shown.url}#${time}`,
    audio_url: shown.audio_url && `${shown.audio_url}#t=${start}`,
    score: hit.score,
  }
}

function clock(seconds) {
  const two = (n) => String(n).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

function escaped(text) {
  return text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c])
}

// MiniSearch marks nothing itself; it says which of its terms matched.
function marked(text, terms) {
  const words = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  if (!words.length) return escaped(text)
  const anywhere = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "giu")
  return escaped(text).replace(anywhere, "<mark>$&</mark>")
}
