package io.coordinator.state;

import io.coordinator.protocol.Acknowledged;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.QuotaSet;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionClosed;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionOpened;
import io.coordinator.protocol.SessionReply;
import io.coordinator.protocol.TopicDefaults;
import io.coordinator.protocol.TopicDefaultsSet;
import io.coordinator.protocol.VersionAdvanced;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.UnknownOperationException;

/**
 * What happens to sessions themselves. A client may close its own and acknowledge; to open, to expire and to advance
 * the version is the cluster's own business.
 */
final class SessionCommands {
    private static final int RESUME_TOKEN_BYTES_MIN = 16;
    /** Part of what every replica computes, so a constant: no row of a session is larger because of its name (C-07). */
    private static final int CLIENT_NAME_CHARS_MAX = 4_096;

    private final State state;

    SessionCommands(State state) {
        this.state = state;
    }

    /** A pure function of the arguments. */
    static void admit(Command command, Limits limits, Check check) {
        SessionCommand session = command.getSession();
        switch (session.getOperationCase()) {
            case OPEN -> admit(session.getOpen(), limits, check);
            case CLOSE, EXPIRE, ACKNOWLEDGE, SET_QUOTA, SET_TOPIC_DEFAULTS -> {}
            case ADVANCE_VERSION ->
                check.atMost(
                        "version",
                        limits.versionMax(),
                        Integer.toUnsignedLong(session.getAdvanceVersion().getVersion()));
            case OPERATION_NOT_SET -> check.unknown("the session operation");
        }
        check.require(
                mayAsk(command), "the session operation", "is not for this caller; clients close and acknowledge");
    }

    private static void admit(OpenSession open, Limits limits, Check check) {
        check.atLeast("lease_millis", limits.leaseMillisMin(), open.getLeaseMillis())
                .atMost("lease_millis", limits.leaseMillisMax(), open.getLeaseMillis());
    }

    Reply.Builder apply(Context at, Command command, Recorder effects) {
        SessionCommand session = command.getSession();
        if (session.getOperationCase() == SessionCommand.OperationCase.OPERATION_NOT_SET) {
            throw new UnknownOperationException("a session operation");
        }
        if (!mayAsk(command)) {
            return Refusals.reply(
                    ErrorCode.EINVAL,
                    "the session operation is not for this caller; clients close and acknowledge their own session");
        }
        return switch (session.getOperationCase()) {
            case OPEN -> open(at, session.getOpen());
            case CLOSE -> closed(state.endSession(at.sessionId(), effects));
            case EXPIRE -> closed(state.endSession(session.getExpire().getSessionId(), effects));
            case ACKNOWLEDGE -> acknowledged();
            case ADVANCE_VERSION -> advance(session.getAdvanceVersion().getVersion());
            case SET_QUOTA -> setQuota(session.getSetQuota().getStateBytesMax());
            case SET_TOPIC_DEFAULTS ->
                setTopicDefaults(session.getSetTopicDefaults().getDefaults());
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a session operation");
        };
    }

    private static boolean mayAsk(Command command) {
        boolean clusterItself = command.getSessionId() == 0;
        return switch (command.getSession().getOperationCase()) {
            case OPEN, EXPIRE, ADVANCE_VERSION, SET_QUOTA, SET_TOPIC_DEFAULTS -> clusterItself;
            case CLOSE, ACKNOWLEDGE -> !clusterItself;
            case OPERATION_NOT_SET -> false;
        };
    }

    private Reply.Builder open(Context at, OpenSession open) {
        if (open.getResumeToken().size() < RESUME_TOKEN_BYTES_MIN) {
            return Refusals.reply(
                    ErrorCode.EINVAL, "the resume token is too short to be a secret; use at least 16 random bytes");
        }
        if (open.getClientName().length() > CLIENT_NAME_CHARS_MAX) {
            return Refusals.reply(
                    ErrorCode.ETOOLARGE,
                    "the client name has " + open.getClientName().length() + " characters and the limit is "
                            + CLIENT_NAME_CHARS_MAX + "; choose a shorter one");
        }
        long id = state.sessions.open(open, at.nowMillis(), state.counters).id();
        return reply(
                SessionReply.newBuilder().setOpened(SessionOpened.newBuilder().setSessionId(id)));
    }

    private Reply.Builder advance(int version) {
        if (Integer.compareUnsigned(version, Coordinator.VERSION) > 0) {
            throw new UnknownOperationException("core version " + Integer.toUnsignedString(version));
        }
        state.activeVersion = Math.max(state.activeVersion, version);
        return reply(SessionReply.newBuilder()
                .setAdvanced(VersionAdvanced.newBuilder().setVersion(state.activeVersion)));
    }

    private Reply.Builder setQuota(long stateBytesMax) {
        state.stateBytesMax = stateBytesMax;
        return reply(SessionReply.newBuilder().setQuotaSet(QuotaSet.newBuilder().setStateBytesMax(stateBytesMax)));
    }

    private Reply.Builder setTopicDefaults(TopicDefaults defaults) {
        state.topicBounds.set(defaults);
        return reply(SessionReply.newBuilder().setTopicDefaultsSet(TopicDefaultsSet.getDefaultInstance()));
    }

    /** What remains of a command that did nothing but use up its number. */
    static Reply.Builder acknowledged() {
        return reply(SessionReply.newBuilder().setAcknowledged(Acknowledged.getDefaultInstance()));
    }

    private static Reply.Builder closed(boolean existed) {
        return reply(
                SessionReply.newBuilder().setClosed(SessionClosed.newBuilder().setExisted(existed)));
    }

    private static Reply.Builder reply(SessionReply.Builder session) {
        return Reply.newBuilder().setSession(session);
    }
}
