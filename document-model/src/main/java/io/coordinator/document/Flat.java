package io.coordinator.document;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** What runs hold, one run unpacked at a time. */
final class Flat<R, E> implements Iterator<E> {
    private final Iterator<R> runs;
    private final Function<R, List<E>> unpacking;
    private Iterator<E> run = Collections.emptyIterator();

    Flat(Iterator<R> runs, Function<R, List<E>> unpacking) {
        this.runs = runs;
        this.unpacking = unpacking;
    }

    @Override
    public boolean hasNext() {
        return run.hasNext() || runs.hasNext();
    }

    @Override
    public E next() {
        if (!run.hasNext()) {
            run = unpacking.apply(runs.next()).iterator();
        }
        return run.next();
    }
}
