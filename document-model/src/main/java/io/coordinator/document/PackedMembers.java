package io.coordinator.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members as text. */
final class PackedMembers implements MemberRun {
    /** In the order of their names, with commas between. */
    private final byte[] text;

    private final long[] places;
    private final int depth;
    private final long hash;

    private PackedMembers(byte[] text, long[] places, int depth, long hash) {
        this.text = text;
        this.places = places;
        this.depth = depth;
        this.hash = hash;
    }

    /** @param members at least one, in the order of their names */
    static PackedMembers of(List<Member> members) {
        int depth = 0;
        long hash = 0;
        for (Member member : members) {
            depth = Math.max(depth, member.depth());
            hash += member.hash();
        }
        return new PackedMembers(text(members), places(members), depth, hash);
    }

    /** @param parts at least one, in the order of their names */
    static PackedMembers ofParts(List<Part> parts) {
        return of(text(parts), places(parts));
    }

    private static PackedMembers of(byte[] text, long[] places) {
        Scan scan = new Scan(text, 0);
        int depth = 0;
        long hash = 0;
        while (scan.next()) {
            hash += scan.member();
            depth = Math.max(depth, scan.depth());
        }
        return new PackedMembers(text, places, depth, hash);
    }

    private static byte[] text(List<? extends Placed> members) {
        TextOut out = new TextOut(Packing.RUN_BYTES_MAX);
        for (Placed member : members) {
            if (out.size() > 0) {
                out.write(',');
            }
            member.write(out);
        }
        return out.toBytes();
    }

    private static long[] places(List<? extends Placed> members) {
        return members.stream().mapToLong(Placed::place).toArray();
    }

    @Override
    public int count() {
        return places.length;
    }

    @Override
    public long hash() {
        return hash;
    }

    @Override
    public long bytes() {
        return (long) text.length - (places.length - 1);
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int compareFirst(Scalar key) {
        return -key.compareToStartOf(text);
    }

    @Override
    public int find(Scalar key) {
        int at = 0;
        for (int i = 0; i < places.length; i++) {
            int order = key.compareTo(text, at, Scan.stringEnd(text, at));
            if (order <= 0) {
                return order == 0 ? i : -i - 1;
            }
            at = Scan.memberEnd(text, at) + 1;
        }
        return -places.length - 1;
    }

    @Override
    public Member get(int index, Meter meter) {
        int from = start(index);
        return member(index, from, Scan.memberEnd(text, from), meter);
    }

    @Override
    public long place(int index) {
        return places[index];
    }

    private Member member(int index, int from, int to, Meter meter) {
        return member(text, from, to, places[index], meter);
    }

    private static Member member(byte[] text, int from, int to, long place, Meter meter) {
        int value = Scan.stringEnd(text, from) + 1;
        return new Member(
                Scalar.ofJson(Arrays.copyOfRange(text, from, value - 1)), place, Scan.value(text, value, to, meter));
    }

    @Override
    public List<Member> members(Meter meter) {
        List<Member> members = new ArrayList<>(places.length);
        for (int at = 0; at < text.length; ) {
            int end = Scan.memberEnd(text, at);
            members.add(member(members.size(), at, end, meter));
            at = end + 1;
        }
        return members;
    }

    @Override
    public int packedBytes() {
        return text.length;
    }

    @Override
    public @Nullable MemberRun replaced(int from, int to, @Nullable Member by) {
        if (by == null ? to - from == places.length : !Packing.isSmall(by.bytes(), by.depth())) {
            return null;
        }
        if (from == to && by != null && text.length + 1 + by.bytes() > Packing.RUN_BYTES_MAX) {
            return null;
        }
        byte[] member = Packing.NOTHING;
        if (by != null) {
            TextOut out = new TextOut(by.bytes());
            by.write(out);
            member = out.done();
        }
        int start = start(from);
        int end = from == to ? start : Scan.memberEnd(text, start) + 1;
        byte[] replaced = Packing.replaced(text, start, end, member);
        if (by != null && replaced.length > Packing.RUN_BYTES_MAX && to - from < places.length) {
            return null;
        }
        long[] afterwards = places(from, to, by);
        Scan gone = new Scan(text, start);
        long rest = from == to ? hash : hash - gone.member();
        if (from < to && gone.depth() == depth && depth > 0) {
            // The others may be nested less.
            return of(replaced, afterwards);
        }
        return new PackedMembers(
                replaced,
                afterwards,
                by == null ? depth : Math.max(depth, by.depth()),
                by == null ? rest : rest + by.hash());
    }

    private long[] places(int from, int to, @Nullable Member by) {
        int more = by == null ? 0 : 1;
        long[] replaced = new long[places.length - (to - from) + more];
        System.arraycopy(places, 0, replaced, 0, from);
        if (by != null) {
            replaced[from] = by.place();
        }
        System.arraycopy(places, to, replaced, from + more, places.length - to);
        return replaced;
    }

    @Override
    public @Nullable MemberRun with(MemberRun next) {
        if (!(next instanceof PackedMembers other) || text.length + 1 + other.text.length > Packing.RUN_BYTES_MAX) {
            return null;
        }
        long[] both = Arrays.copyOf(places, places.length + other.places.length);
        System.arraycopy(other.places, 0, both, places.length, other.places.length);
        return new PackedMembers(
                Packing.replaced(text, text.length + 1, text.length + 1, other.text),
                both,
                Math.max(depth, other.depth),
                hash + other.hash);
    }

    @Override
    public MemberRun slice(int from, int to) {
        return of(Arrays.copyOfRange(text, start(from), start(to) - 1), Arrays.copyOfRange(places, from, to));
    }

    @Override
    public void addTo(List<Placed> all) {
        int at = 0;
        for (long place : places) {
            int end = Scan.memberEnd(text, at);
            all.add(new Part(place, text, at, end));
            at = end + 1;
        }
    }

    /** A member in a text. */
    static final class Part implements Placed, NameSort.Named {
        private final long place;
        private final byte[] text;
        private final int from;
        private final int to;

        Part(long place, byte[] text, int from, int to) {
            this.place = place;
            this.text = text;
            this.from = from;
            this.to = to;
        }

        @Override
        public byte[] text() {
            return text;
        }

        @Override
        public int from() {
            return from;
        }

        int bytes() {
            return to - from;
        }

        boolean isOwnValue() {
            return Packing.isOwnValue(text, from, to);
        }

        Member unpacked(Meter meter) {
            return member(text, from, to, place, meter);
        }

        @Override
        public long place() {
            return place;
        }

        @Override
        public void write(TextOut out) {
            out.write(text, from, to);
        }
    }

    /** Where a member begins; of the one after the last, one beyond the end of the text. */
    private int start(int index) {
        if (index == places.length) {
            return text.length + 1;
        }
        int at = 0;
        for (int i = 0; i < index; i++) {
            at = Scan.memberEnd(text, at) + 1;
        }
        return at;
    }
}
