package io.coordinator.state.topic;

/** How much there may be of what belongs to topics. Part of what every replica computes, so constants. */
final class TopicLimits {
    /** Groups of one topic: each is looked at when a message is published. */
    static final int GROUPS_MAX = 100;
    /** Members of one group. */
    static final int MEMBERS_MAX = 10_000;
    /** Memberships of one session, in all groups together. */
    static final int MEMBERSHIPS_MAX = 10_000;
    /** Messages that one member has at a time. */
    static final int CAPACITY_MAX = 10_000;
    /** Messages of one group that are delivered or wait for another attempt, or for their key. */
    static final int UNSETTLED_MAX = 10_000;
    /** Messages that are published again by one command. */
    static final int REDRIVEN_MAX = 1_000;
    /** How long a member has a message if the group's settings were never said. */
    static final long VISIBILITY_MILLIS = 30_000;
    /** So many members have failed with a message when it is a dead letter, if the group's settings were never said. */
    static final int ATTEMPTS_MAX = 5;
    /** How long the numbers of a producer are remembered if the topic's settings say nothing. */
    static final long DEDUP_MILLIS = 600_000;
    /** The longest name of a topic in UTF-8: as admission has it. */
    static final int NAME_BYTES_MAX = 1_024;
    /** When it is tried again to bury a message for which the topic of dead letters has no room. */
    static final long BURY_AGAIN_MILLIS = 1_000;

    private TopicLimits() {}
}
