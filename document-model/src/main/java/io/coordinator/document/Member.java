package io.coordinator.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of an object.
 *
 * @param key its name as a string
 * @param place in the order in which members were added; grows, with gaps
 * @param value of the member
 */
record Member(Scalar key, long place, Value value) implements MemberRun, MemberRun.Placed, NameSort.Named {
    String name() {
        return key.content();
    }

    @Override
    public byte[] text() {
        return key.text();
    }

    @Override
    public int from() {
        return 0;
    }

    Member at(long other) {
        return new Member(key, other, value);
    }

    @Override
    public int count() {
        return 1;
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

    @Override
    public int compareFirst(Scalar other) {
        return key.compareTo(other);
    }

    @Override
    public int find(Scalar other) {
        int order = key.compareTo(other);
        return order == 0 ? 0 : order < 0 ? -2 : -1;
    }

    @Override
    public Member get(int index, Meter meter) {
        return this;
    }

    @Override
    public long place(int index) {
        return place;
    }

    @Override
    public List<Member> members(Meter meter) {
        return List.of(this);
    }

    @Override
    public int packedBytes() {
        return 0;
    }

    @Override
    public @Nullable MemberRun replaced(int from, int to, @Nullable Member by) {
        return from < to && by != null ? MemberRun.of(by) : null;
    }

    @Override
    public @Nullable MemberRun with(MemberRun next) {
        return null;
    }

    @Override
    public MemberRun slice(int from, int to) {
        return this;
    }

    @Override
    public void addTo(List<Placed> all) {
        all.add(this);
    }

    @Override
    public void write(TextOut out) {
        key.write(out);
        out.write(':');
        value.write(out);
    }
}
