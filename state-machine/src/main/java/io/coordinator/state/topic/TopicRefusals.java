package io.coordinator.state.topic;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;

/** What topics and groups refuse, and why. */
final class TopicRefusals {
    private static final long RETRY_AFTER_MILLIS = 200;

    private TopicRefusals() {}

    static Error messageTooLarge(Name name, long bytes, long bytesMax) {
        return Refusals.error(
                ErrorCode.ETOOLARGE,
                "a message for topic " + name + " has " + bytes + " bytes and the whole topic may have " + bytesMax
                        + ", so nothing was published; make the message smaller, or give the topic more bytes");
    }

    static Error batchTooLarge(Name name, long messages, long bytes) {
        return Refusals.error(
                ErrorCode.ETOOLARGE,
                messages + " messages of " + bytes + " bytes are more than topic " + name
                        + " may have, and it drops none for new ones, so nothing was published; publish fewer at once");
    }

    static Error full(Name name) {
        return Refusals.error(
                        ErrorCode.EBUSY,
                        "topic " + name + " is full, and drops no message that a group has not acknowledged, so nothing"
                                + " was published; try again when its groups have caught up")
                .toBuilder()
                .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                .build();
    }

    static Error badSequence(long sequence) {
        return Refusals.error(
                ErrorCode.EINVAL,
                "sequence " + Long.toUnsignedString(sequence)
                        + " is no number of a message; count from 1, and start again with another producer before"
                        + " 2^63");
    }

    static Error sequenceTooOld(Name name, String producer, long sequence, long last) {
        return Refusals.error(
                ErrorCode.ECONFLICT,
                "producer \"" + producer + "\" of topic " + name + " has published number " + last + ", and whether "
                        + sequence + " was published as well is remembered of the last " + ProducerWindow.SIZE
                        + " only, so nothing was published; go on behind " + last);
    }

    static Error tooManyTopics(Name name, int most) {
        return Refusals.error(
                ErrorCode.ENOSPACE,
                "topic " + name + " was not made: there are " + most
                        + " topics, and no more may be (durable-topics-max); delete one first, or raise it");
    }

    static Error tooManyProducers(Name name, int most) {
        return Refusals.error(
                ErrorCode.ENOSPACE,
                "topic " + name + " remembers " + most
                        + " producers, and no more may be (durable-topic-producers-max), so nothing was"
                        + " published; use fewer names, or wait until some are forgotten");
    }

    static Error otherSettings(Name name) {
        return Refusals.error(
                ErrorCode.ECONFLICT,
                "topic " + name + " exists with other settings, so nothing was changed; use it as it is, or configure"
                        + " it without asking for a new one");
    }

    static Error tooManyGroups(Name topic) {
        return Refusals.error(
                ErrorCode.ENOSPACE,
                "topic " + topic + " has " + TopicLimits.GROUPS_MAX + " groups, and no more may be, so nothing was"
                        + " changed; delete one first");
    }

    static Error tooManyMembers(GroupPlace place) {
        return Refusals.error(
                ErrorCode.ENOSPACE,
                "group " + place + " has " + TopicLimits.MEMBERS_MAX + " members, and no more may be, so nothing was"
                        + " changed; use a second group, or fewer members with more capacity");
    }

    static Error badCapacity(int capacity) {
        return Refusals.error(
                ErrorCode.EINVAL,
                "capacity is " + Integer.toUnsignedString(capacity) + "; use 1 to " + TopicLimits.CAPACITY_MAX);
    }

    static Error ownDeadLetters(Name topic) {
        return Refusals.error(
                ErrorCode.EINVAL,
                "the dead letters of a group of topic " + topic
                        + " cannot go to that same topic, where it would get them again; name another one");
    }

    static Error deadLettersTooLong(Name topic, String group) {
        return Refusals.error(
                ErrorCode.ETOOLARGE,
                "the dead letters of group \"" + group + "\" of topic " + topic
                        + " would go to a topic whose name is too long, so the group was not made; give it settings"
                        + " that name another topic for them");
    }

    static Error noTopic(Name name) {
        return Refusals.error(
                ErrorCode.EKEYNOTFOUND, "there is no topic " + name + "; check the name and the namespace");
    }

    static Error noGroupOfLetter(Name name, long offset, Name origin, String group) {
        return Refusals.error(
                ErrorCode.EKEYNOTFOUND,
                "dead letter " + offset + " of topic " + name + " is for group \"" + group + "\" of topic " + origin
                        + ", which is not there, so it was not redriven; make the group again, or purge what is before"
                        + " offset " + (offset + 1));
    }
}
