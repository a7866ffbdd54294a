// Light and dark: as the system has it, unless the settings say otherwise.
import { useEffect, useState } from "./ui.js"

const system = matchMedia("(prefers-color-scheme: dark)")

/** Whether the page is dark, for a setting that is "dark", "light" or null. */
export function useDark(theme) {
  const [preferred, setPreferred] = useState(system.matches)
  useEffect(() => {
    const change = () => setPreferred(system.matches)
    system.addEventListener("change", change)
    return () => system.removeEventListener("change", change)
  }, [])
  const dark = theme ? theme === "dark" : preferred
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light"
  }, [dark])
  return dark
}
