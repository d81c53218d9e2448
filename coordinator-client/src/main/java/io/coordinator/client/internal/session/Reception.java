package io.coordinator.client.internal.session;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.Welcome;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a stream begins: the client's hello, and what a node's welcome means for the session, its lease, its calls and
 * its watches. Lives on the loop.
 */
final class Reception {
    private static final Logger log = LoggerFactory.getLogger(Reception.class);

    private static final int PROTOCOL_VERSION = 1;

    private final SessionSettings settings;
    private final Loop loop;
    private final Patience patience;
    private final Attachment attachment;
    private final SessionCalls calls;
    private final LeaseWatch lease;
    private final ClusterTimeBound clock;
    private final ConnectionStates states;
    private final Connector connector;
    private final SessionEnd end;
    private final SeenHistory history = new SeenHistory();
    private final Inbound inbound;
    private String lastLeader = "";

    Reception(
            SessionSettings settings,
            Loop loop,
            Patience patience,
            Attachment attachment,
            SessionCalls calls,
            LeaseWatch lease,
            ClusterTimeBound clock,
            ConnectionStates states,
            Connector connector,
            SessionEnd end) {
        this.settings = settings;
        this.loop = loop;
        this.patience = patience;
        this.attachment = attachment;
        this.calls = calls;
        this.lease = lease;
        this.clock = clock;
        this.states = states;
        this.connector = connector;
        this.end = end;
        inbound = new Inbound(settings, loop, attachment, calls, lease, history, clock, connector, end);
    }

    Hello hello() {
        Session session = attachment.session();
        return Hello.newBuilder()
                .setVersionMin(PROTOCOL_VERSION)
                .setVersionMax(PROTOCOL_VERSION)
                .setCluster(settings.cluster())
                .setSessionId(session.id())
                .setResumeToken(session.resumeToken())
                .setLeaseMillis(Times.millis(settings.lease()))
                .setClientName(settings.clientName())
                .setAuthToken(settings.authToken())
                .build();
    }

    /** A node says that it has attached the session; answers who hears the rest of the stream. */
    LinkListener onWelcome(Link link, String endpoint, ServerFrame frame, long sentNanos) {
        Welcome welcome = frame.getWelcome();
        Stream attached = new Stream(
                loop,
                link,
                endpoint,
                inbound,
                settings.keepAliveInterval(),
                patience,
                TimeUnit.MILLISECONDS.toNanos(welcome.getLeaseMillis()));
        Session session = attachment.session();
        boolean fits = session.fits(welcome);
        boolean resumed = session.id() != 0;
        boolean another = history.isOfAnother(welcome);
        boolean restored = history.isMissingIn(welcome);
        if (restored) {
            restored(welcome);
        }
        if (fits && !(restored && resumed)) {
            history.goOn(welcome);
            attach(attached, frame, sentNanos);
        } else {
            attached.close();
            end.lose(
                    another
                            ? "the cluster was made anew, of a backup or of a survivor"
                            : restored
                                    ? "the cluster was started from older copies of its disks"
                                    : "the cluster knows another session under its id");
            connector.seek();
        }
        return attached;
    }

    /** What this client has seen since is gone, and what it has kept of it is wrong. */
    private void restored(Welcome welcome) {
        log.warn(
                "The cluster has lost what this client has seen of it: {} leads term {} with revision {}. It was made"
                        + " anew, of a backup or of a survivor, or started from older copies of its disks",
                welcome.getNode(),
                welcome.getTerm(),
                welcome.getRevision());
        history.beginAnew(welcome);
        attachment.watcher().onRestored(welcome.getRevision());
    }

    private void attach(Stream attached, ServerFrame frame, long sentNanos) {
        Welcome welcome = frame.getWelcome();
        Session session = attachment.session();
        attachment.attach(attached);
        clock.sample(sentNanos, welcome.getClusterTimeMillis());
        session.attached(welcome.getSessionId(), TimeUnit.MILLISECONDS.toNanos(welcome.getLeaseMillis()), sentNanos);
        calls.sequencer().limitRequestBytes(welcome.getMaxRequestBytes());
        calls.sequencer().rewind();
        tellAttached(welcome);
        lease.start();
        attached.onFrame(frame);
        if (attachment.stream() == attached) {
            attached.keepAlive();
            attachment.watcher().onAttached();
            calls.sender().scheduleAck();
            end.opened().succeed(true);
        }
    }

    private void tellAttached(Welcome welcome) {
        log.debug("Attached session {} at {} in term {}", welcome.getSessionId(), welcome.getNode(), welcome.getTerm());
        states.attached();
        long replacedId = attachment.takeReplacedId();
        if (replacedId != 0) {
            states.replaced(replacedId, welcome.getSessionId());
        }
        if (!lastLeader.equals(welcome.getNode())) {
            lastLeader = welcome.getNode();
            states.leader(welcome.getNode(), welcome.getTerm());
        }
    }
}
