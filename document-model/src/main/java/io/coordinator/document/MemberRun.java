package io.coordinator.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of an object that are next to each other by name. */
sealed interface MemberRun extends Tree.Run<MemberRun> permits PackedMembers, Member {
    static MemberRun of(Member member) {
        return Packing.isSmall(member.bytes(), member.depth()) ? PackedMembers.of(List.of(member)) : member;
    }

    /** How the name of the first member compares with a name. */
    int compareFirst(Scalar key);

    /** Where a member is by its name; if there is none, minus the index where it would be, minus 1. */
    int find(Scalar key);

    Member get(int index, Meter meter);

    /** Of a member in the order in which members were added. */
    long place(int index);

    List<Member> members(Meter meter);

    /** How much text is gone through to look into it or to change it. */
    int packedBytes();

    /** The run with a member, or none, in place of at most one; null if that is not one run. */
    @Nullable
    MemberRun replaced(int from, int to, @Nullable Member by);

    /** Adds its members as they can be written. */
    void addTo(List<Placed> all);

    /** The order of members does not count. */
    @Override
    default long power() {
        return 1;
    }

    /** A member as it can be written. */
    interface Placed {
        long place();

        void write(TextOut out);
    }
}
