// The one place that names the library the page is drawn with: Preact with htm, which needs no compiler.
export {
  html,
  render,
  createContext,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "./vendor/htm-3.1.1/standalone.module.js"

/** Class names: those that are given, without what is false. */
export const classes = (...names) => names.filter(Boolean).join(" ")
