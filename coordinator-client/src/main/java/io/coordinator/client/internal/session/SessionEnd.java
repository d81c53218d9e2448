package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.Error;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ends a session, and what becomes of its calls: the cluster has lost it, the cluster refuses this client, or the
 * client is closed. Lives on the loop, except {@link #isClosing}.
 */
final class SessionEnd {
    private static final Logger log = LoggerFactory.getLogger(SessionEnd.class);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE_DETACHED = Duration.ofMillis(500);

    private final Loop loop;
    private final Attachment attachment;
    private final SessionCalls calls;
    private final LeaseWatch lease;
    private final Connector connector;
    private final ConnectionStates states;
    private final boolean replaceSession;
    private final Promise<Boolean> opened = Promises.direct().make();
    private final Promise<Boolean> whenClosed = Promises.direct().make();
    private volatile boolean closing;

    SessionEnd(
            SessionSettings settings,
            Loop loop,
            Attachment attachment,
            SessionCalls calls,
            LeaseWatch lease,
            Connector connector,
            ConnectionStates states) {
        this.loop = loop;
        this.attachment = attachment;
        this.calls = calls;
        this.lease = lease;
        this.connector = connector;
        this.states = states;
        replaceSession = settings.replaceSession();
    }

    /** Completes when the first session is open, or fails if there will be none. */
    Promise<Boolean> opened() {
        return opened;
    }

    /** Completes when the client is closed and nothing runs any more. */
    Promise<Boolean> whenClosed() {
        return whenClosed;
    }

    /** Whether the client is closed, or about to be; on any thread. */
    boolean isClosing() {
        return closing;
    }

    /** Whether anything is left that a stream is looked for. */
    boolean needsStream() {
        return !calls.isRefusing() || (closing && !whenClosed.isDone());
    }

    // ---- by the cluster ----

    /** The stream has ended, which says something about the session as well. */
    void onDetached(Error reason) {
        switch (reason.getCode()) {
            case EAUTH, EACCES -> refuse(reason);
            case ESESSION -> lose(reason.getMessage());
            default -> states.detached();
        }
    }

    /** The cluster has no such session any more. */
    void lose(String why) {
        if (closing) {
            endClose();
            return;
        }
        Session old = attachment.session();
        log.warn("Session {} is gone: {}", old.id(), why);
        lease.sessionGone(old);
        String what = "session " + old.id() + " was lost (" + why + ") ";
        calls.failNumbered(() -> new SessionExpiredException(what + "while the command was in flight", true, null));
        calls.failUnsent(
                call -> isLostWith(old, call),
                () -> new SessionExpiredException(what + "before the command was sent", false, null));
        if (replaceSession) {
            attachment.replace(new Session(loop::nanoTime));
            calls.sequencer().replace(attachment.session());
        } else {
            String terminally = what + "and replaceSession is off; make a new client";
            terminate(sent -> new SessionExpiredException(terminally, false, null), false);
        }
    }

    private boolean isLostWith(Session old, Call call) {
        return call instanceof CommandCall command
                && (call.losses < lease.losses() || call.isPersistent() || !command.mayBeSentAfter(old));
    }

    /** Trying again would be useless (PM-AUTH-3). */
    void refuse(Error error) {
        log.warn("The cluster refuses this client: {} {}", error.getCode(), error.getMessage());
        terminate(sent -> Errors.of(error), false);
        states.closed();
    }

    private void terminate(Function<Boolean, CoordinatorException> why, boolean byClient) {
        calls.refuse(why);
        lease.stop();
        connector.stop();
        Stream stream = attachment.stream();
        if (stream != null) {
            stream.close();
            attachment.detach();
        }
        attachment.session().end(byClient);
        calls.failEverything(why);
        attachment.watcher().onEnd(() -> why.apply(false));
        opened.fail(why.apply(false));
    }

    // ---- by the client ----

    /** Closes the session, or gives up soon if the cluster does not answer. */
    void close() {
        if (closing) {
            return;
        }
        closing = true;
        Session session = attachment.session();
        if (calls.isRefusing() || session.id() == 0) {
            endClose();
            return;
        }
        session.end(true); // Before the cluster can give to others what this client holds.
        calls.refuse(SessionChannel::closed);
        calls.failAsked(() -> SessionChannel.closed(false));
        calls.failUnsent(call -> !call.isPersistent(), () -> SessionChannel.closed(false));
        calls.add(SilentCommand.close(this::endClose));
        Duration patience = attachment.isAttached() ? CLOSE_PATIENCE : CLOSE_PATIENCE_DETACHED;
        loop.schedule(this::endClose, patience.toNanos());
    }

    private void endClose() {
        if (!whenClosed.isDone()) {
            terminate(SessionChannel::closed, true);
            states.closed();
            whenClosed.succeed(true);
        }
    }
}
