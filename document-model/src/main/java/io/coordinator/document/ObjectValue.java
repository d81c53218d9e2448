package io.coordinator.document;

import io.coordinator.protocol.JsonType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An object. Members are found by name in logarithmic time, and shown in the order in which they were added. */
public final class ObjectValue extends Value {
    public static final ObjectValue EMPTY = new ObjectValue(null, 0);

    private static final long SEED = 0xE7037ED1A0B428DBL;

    /** By name. */
    private final @Nullable Tree<MemberRun> members;

    private final long nextPlace;

    private ObjectValue(@Nullable Tree<MemberRun> members, long nextPlace) {
        this.members = members;
        this.nextPlace = nextPlace;
    }

    /** The object with these members, in the order in which the map has them. */
    public static ObjectValue of(Map<String, Value> members) {
        List<Member> all = new ArrayList<>(members.size());
        members.forEach((name, value) -> all.add(new Member(Scalar.string(name), all.size(), value)));
        return of(all);
    }

    /**
     * The object with these members, in the order of their places, which is theirs here. Of those with one name the
     * last counts.
     */
    static ObjectValue of(List<Member> members) {
        Member[] sorted = members.toArray(new Member[0]);
        NameSort.sort(sorted);
        List<Member> all = withoutRepeated(sorted);
        List<MemberRun> runs = new ArrayList<>();
        List<Member> run = new ArrayList<>();
        long runBytes = 0;
        for (Member member : all) {
            boolean isSmall = Packing.isSmall(member.bytes(), member.depth());
            if (!run.isEmpty() && (!isSmall || runBytes + 1 + member.bytes() > Packing.RUN_BYTES_MAX)) {
                runs.add(PackedMembers.of(run));
                run.clear();
                runBytes = 0;
            }
            if (isSmall) {
                run.add(member);
                runBytes += 1 + member.bytes();
            } else {
                runs.add(member);
            }
        }
        if (!run.isEmpty()) {
            runs.add(PackedMembers.of(run));
        }
        return runs.isEmpty() ? EMPTY : new ObjectValue(Tree.of(runs), members.size());
    }

    /** Each name once: in the place where it came first, with the value that came last. */
    private static List<Member> withoutRepeated(Member[] sorted) {
        List<Member> all = new ArrayList<>(sorted.length);
        for (Member member : sorted) {
            int last = all.size() - 1;
            if (last >= 0 && all.get(last).key().hasTextOf(member.key())) {
                all.set(last, member.at(all.get(last).place()));
            } else {
                all.add(member);
            }
        }
        return all;
    }

    /**
     * What its members are as text, in their order, with commas between; the small ones stay packed. Counts what does
     * not.
     */
    static ObjectValue unpacked(byte[] text, int from, int to, Meter meter) {
        if (from == to) {
            return EMPTY;
        }
        List<PackedMembers.Part> inOrder = new ArrayList<>();
        for (int at = from; at < to; ) {
            int end = Scan.memberEnd(text, at);
            inOrder.add(new PackedMembers.Part(inOrder.size(), text, at, end));
            at = end + 1;
        }
        PackedMembers.Part[] parts = inOrder.toArray(new PackedMembers.Part[0]);
        NameSort.sort(parts);
        List<MemberRun> runs = new ArrayList<>();
        List<PackedMembers.Part> run = new ArrayList<>();
        int runBytes = 0;
        for (PackedMembers.Part part : parts) {
            boolean isOwnValue = part.isOwnValue();
            if (!run.isEmpty() && (isOwnValue || runBytes + 1 + part.bytes() > Packing.RUN_BYTES_MAX)) {
                runs.add(PackedMembers.ofParts(run));
                run.clear();
                runBytes = 0;
            }
            if (isOwnValue) {
                runs.add(part.unpacked(meter));
            } else {
                run.add(part);
                runBytes += 1 + part.bytes();
            }
        }
        if (!run.isEmpty()) {
            runs.add(PackedMembers.ofParts(run));
        }
        return new ObjectValue(Tree.of(runs), parts.length);
    }

    /** The value of a member; null if there is none. */
    public @Nullable Value get(String name) {
        return get(name, Meter.UNMETERED);
    }

    /** As {@link #get(String)}; counts what is looked through and unpacked. */
    @Nullable
    Value get(String name, Meter meter) {
        Scalar key = Names.isWellFormed(name) ? Scalar.string(name) : null;
        Tree.Found<MemberRun> found = key == null ? null : floor(key);
        if (key == null || found == null) {
            return null;
        }
        Packing.countLookup(bytes(), found.run().packedBytes(), meter);
        int index = found.run().find(key);
        return index < 0 ? null : found.run().get(index, meter).value();
    }

    /** Visits the members in their order. */
    public void forEach(BiConsumer<String, Value> visitor) {
        inOrder(Meter.UNMETERED).forEach(member -> visitor.accept(member.name(), member.value()));
    }

    /** The members in an order that is the same for the same names. Counts what is unpacked, one by one. */
    Iterator<Member> byName(Meter meter) {
        Packing.countVisit(bytes(), meter);
        return new Flat<>(
                Tree.iterator(members),
                run -> run.members(meter),
                member -> Packing.packedBytes(member.bytes(), member.depth()),
                meter);
    }

    /** Counts what is unpacked. */
    List<Member> inOrder(Meter meter) {
        List<Member> all = new ArrayList<>(length());
        byName(meter).forEachRemaining(all::add);
        Member[] inOrder = all.toArray(new Member[0]);
        sortByPlace(inOrder);
        return Arrays.asList(inOrder);
    }

    private void sortByPlace(MemberRun.Placed[] all) {
        if (nextPlace <= KeySort.KEYS_END && all.length <= KeySort.COUNT_MAX) {
            KeySort.sort(all, 0, all.length, MemberRun.Placed::place);
        } else {
            Arrays.sort(all, Comparator.comparingLong(MemberRun.Placed::place));
        }
    }

    /** A new member comes last; one that exists keeps its place. */
    ObjectValue put(String name, Value value, Meter meter) {
        Member member = new Member(Scalar.string(name), nextPlace, value);
        if (members == null) {
            return new ObjectValue(Tree.single(MemberRun.of(member)), nextPlace + 1);
        }
        Tree.Found<MemberRun> floor = floor(member.key());
        Tree.Found<MemberRun> found = floor == null ? Tree.find(members, 0) : floor;
        Packing.countChange(bytes(), found.run().packedBytes(), value, meter);
        int index = found.run().find(member.key());
        return index >= 0
                ? replaced(found, index, index + 1, member.at(found.run().place(index)), nextPlace)
                : replaced(found, -index - 1, -index - 1, member, nextPlace + 1);
    }

    /** @param name of a member */
    ObjectValue remove(String name, Meter meter) {
        Scalar key = Scalar.string(name);
        Tree.Found<MemberRun> found = floor(key);
        if (found != null) {
            Packing.countChange(bytes(), found.run().packedBytes(), null, meter);
        }
        int index = found == null ? -1 : found.run().find(key);
        if (found == null || index < 0) {
            throw new IllegalStateException("there is no member " + name);
        }
        return replaced(found, index, index + 1, null, nextPlace);
    }

    /** @param from as {@code to}, in the run */
    private ObjectValue replaced(
            Tree.Found<MemberRun> found, int from, int to, @Nullable Member by, long placeAfterwards) {
        MemberRun run = found.run().replaced(from, to, by);
        return new ObjectValue(
                run == null
                        ? Tree.splice(
                                members,
                                found.start() + from,
                                to - from,
                                by == null ? null : Tree.single(MemberRun.of(by)))
                        : Tree.replaced(members, found, run),
                placeAfterwards);
    }

    /** The run in which a member of that name is if there is one; null if it would come before all. */
    private Tree.@Nullable Found<MemberRun> floor(Scalar key) {
        return Tree.last(members, run -> run.compareFirst(key) <= 0);
    }

    @Override
    public JsonType type() {
        return JsonType.JSON_OBJECT;
    }

    @Override
    public long hash() {
        return hash(length(), Tree.hash(members));
    }

    static long hash(int count, long members) {
        return Hash.of(SEED + count, members);
    }

    @Override
    public long bytes() {
        return Sizes.sum(Tree.bytes(members), 2 + Math.max(0, length() - 1));
    }

    @Override
    public int depth() {
        return 1 + Tree.depth(members);
    }

    @Override
    public int length() {
        return Tree.size(members);
    }

    @Override
    void write(TextOut out) {
        List<MemberRun.Placed> all = new ArrayList<>(length());
        Tree.iterator(members).forEachRemaining(run -> run.addTo(all));
        MemberRun.Placed[] inOrder = all.toArray(new MemberRun.Placed[0]);
        sortByPlace(inOrder);
        out.write('{');
        boolean more = false;
        for (MemberRun.Placed member : inOrder) {
            if (more) {
                out.write(',');
            }
            more = true;
            member.write(out);
        }
        out.write('}');
    }
}
