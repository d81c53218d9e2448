package io.coordinator.document;

import io.coordinator.protocol.JsonType;
import java.util.ArrayList;
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
    private final @Nullable Tree<Member> members;

    private final long nextPlace;

    private ObjectValue(@Nullable Tree<Member> members, long nextPlace) {
        this.members = members;
        this.nextPlace = nextPlace;
    }

    /** The object with these members, in the order in which the map has them. */
    public static ObjectValue of(Map<String, Value> members) {
        List<Member> all = new ArrayList<>(members.size());
        for (Map.Entry<String, Value> member : members.entrySet()) {
            all.add(Member.of(member.getKey(), all.size(), member.getValue()));
        }
        all.sort(Comparator.comparing(Member::name));
        return new ObjectValue(Tree.of(all), all.size());
    }

    /** The value of a member; null if there is none. */
    public @Nullable Value get(String name) {
        Tree<Member> at = members;
        while (at != null) {
            int order = name.compareTo(at.element.name());
            if (order == 0) {
                return at.element.value();
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    /** Visits the members in their order. */
    public void forEach(BiConsumer<String, Value> visitor) {
        inOrder().forEach(member -> visitor.accept(member.name(), member.value()));
    }

    /** The members in an order that is the same for the same names. */
    Iterator<Member> byName() {
        return Tree.iterator(members);
    }

    List<Member> inOrder() {
        List<Member> all = new ArrayList<>(length());
        byName().forEachRemaining(all::add);
        all.sort(Comparator.comparingLong(Member::place));
        return all;
    }

    /** A new member comes last; one that exists keeps its place. */
    ObjectValue put(String name, Value value) {
        int index = indexOf(name);
        return index >= 0
                ? new ObjectValue(
                        Tree.set(members, index, Tree.get(members, index).with(value)), nextPlace)
                : new ObjectValue(Tree.insert(members, -index - 1, Member.of(name, nextPlace, value)), nextPlace + 1);
    }

    /** @param name of a member */
    ObjectValue remove(String name) {
        return new ObjectValue(Tree.remove(members, indexOf(name)), nextPlace);
    }

    /** Where a member is by name; if there is none, minus the index where it would be, minus 1. */
    private int indexOf(String name) {
        int before = 0;
        Tree<Member> at = members;
        while (at != null) {
            int order = name.compareTo(at.element.name());
            int here = before + Tree.size(at.left);
            if (order == 0) {
                return here;
            }
            if (order > 0) {
                before = here + 1;
            }
            at = order < 0 ? at.left : at.right;
        }
        return -before - 1;
    }

    @Override
    public JsonType type() {
        return JsonType.JSON_OBJECT;
    }

    @Override
    public long hash() {
        return Hash.of(SEED + length(), members == null ? 0 : members.sum);
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
}
