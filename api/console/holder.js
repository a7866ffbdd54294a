// Whose key this page was given, and whether that may do what is wanted.
import { useAsked } from "./answers.js"
import { ask, keyring } from "./ask.js"
import { useApp } from "./context.js"
import { Problem } from "./problem.js"
import { useStore } from "./store.js"
import { t } from "./texts.js"
import { html } from "./ui.js"

const ROLES = ["reporter", "editor", "admin"] // each may do all that the ones before it may

/** `{key, data: {name, role}, problem, loading}` of the key; no key, no data. */
export function useHolder() {
  const { key } = useStore(keyring)
  const asked = useAsked(
    (signal) => (key ? ask("v1/key", {}, { signal }) : Promise.resolve(null)),
    [key],
    key ?? "none",
  )
  return { key, ...asked }
}

/** Where to go on once there is a key. */
export const wanted = { open: null }

/** What it holds, for a key of at least this role; for others, what is needed and the way to it. */
export function NeedsRole({ role, children }) {
  const { settings, open } = useApp()
  const { key, data, problem } = useHolder()
  const give = () => {
    wanted.open = settings.open
    open("key")
  }
  const way = (words) => html`<div class="note">
    <p>${words}</p>
    <button class="main" onClick=${give}>${t("key.give")}</button>
  </div>`
  if (!key) return way(t("key.needed", { role: t(`key.role.${role}`) }))
  if (problem?.status === 401) return way(t("key.bad"))
  if (problem) return html`<${Problem} problem=${problem} />`
  if (!data) return html`<p class="quiet" role="status">${t("shell.loading")}</p>`
  if (ROLES.indexOf(data.role) < ROLES.indexOf(role)) {
    return way(t("key.too_little", { name: data.name, role: t(`key.role.${role}`), has: t(`key.role.${data.role}`) }))
  }
  return html`<p class="quiet">
      ${t("key.as", { name: data.name, role: t(`key.role.${data.role}`) })}${" "}
      <button class="plain" onClick=${give}>${t("key.other")}</button>
    </p>
    ${children}`
}
