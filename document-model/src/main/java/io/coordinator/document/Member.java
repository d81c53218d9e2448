package io.coordinator.document;

/**
 * A member of an object.
 *
 * @param key its name as a string
 * @param place in the order in which members were added; grows, with gaps
 * @param value of the member
 */
record Member(Scalar key, long place, Value value) implements Tree.Element {
    static Member of(String name, long place, Value value) {
        return new Member(Scalar.string(name), place, value);
    }

    Member with(Value other) {
        return new Member(key, place, other);
    }

    String name() {
        return key.content();
    }

    /** Without the place: after a restore places are counted anew. */
    @Override
    public long hash() {
        return Hash.of(key.hash(), value.hash());
    }

    @Override
    public long bytes() {
        return Sizes.sum(key.bytes() + 1, value.bytes());
    }

    @Override
    public int depth() {
        return value.depth();
    }
}
