// Package replay records what a query asked its host and was told, and runs the query again from the recording alone: without
// the application, its types or its data.
//
// A Recorder is an engine.Host that stands before another one and notes each question with its answer. Lists and
// dictionaries are noted whole, as they were when the query got them. Objects are noted by number, by the name of their Go
// type, and by shape, from which the engine tells their classes; nothing of what is in them is noted but what the query
// asked for.
//
// A replay builds an engine from the recorded policy and classes, and answers its questions from the recording, in order. The
// engine is deterministic, so they come as they came; a question that differs ends the replay with ErrDiverged. A recording
// may come from anywhere: a wrong one is an error, never a crash.
package replay
