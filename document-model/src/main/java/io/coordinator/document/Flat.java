package io.coordinator.document;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What runs hold, one run unpacked at a time. Counts element by element and not run by run: where runs end depends on
 * how a value came about, and what is counted must be the same on every replica (G-12).
 */
final class Flat<R, E> implements Iterator<E> {
    private final Iterator<R> runs;
    private final Function<R, List<E>> unpacking;
    private final ToLongFunction<E> packedBytes;
    private final Meter meter;
    private Iterator<E> run = Collections.emptyIterator();
    /** Of what was handed out. */
    private long gone;

    /**
     * @param unpacking counts what is large because it is deep, and nothing else
     * @param packedBytes how much text an element is in its run; 0 for one that is not packed
     */
    Flat(Iterator<R> runs, Function<R, List<E>> unpacking, ToLongFunction<E> packedBytes, Meter meter) {
        this.runs = runs;
        this.unpacking = unpacking;
        this.packedBytes = packedBytes;
        this.meter = meter;
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
        E element = run.next();
        gone = Packing.countNext(gone, packedBytes.applyAsLong(element), meter);
        return element;
    }
}
