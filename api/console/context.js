// What every part of the page may want: settings and how to change them, actors, marks, how far the log is.
import { createContext, useContext } from "./ui.js"

export const AppContext = createContext(null)

/** `{settings, set(patch), open(what, id), pick(place), actors, nameActor(id), parties, dark, tag, clocks, fresh, cover,
 * head, map()}`.
 *
 * `clocks` are the parameters of questions. `fresh` is `{min_log_position}` of the newest event that this view
 * shall cover, and changes when something was recorded: a question that is sent with it is asked again then.
 * `cover(log_position)` has the view reach that far, for whoever wrote something and does not wait to hear of it.
 * `head` is the log position of the map that is shown. */
export const useApp = () => useContext(AppContext)
