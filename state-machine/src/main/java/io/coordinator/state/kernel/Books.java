package io.coordinator.state.kernel;

/** What all tables keep together. */
record Books(Deadlines deadlines, Fingerprint fingerprint, UndoLog undo, Budget budget, Usage usage) {
    static Books fresh() {
        return new Books(new Deadlines(), new Fingerprint(), new UndoLog(), new Budget(), new Usage());
    }
}
