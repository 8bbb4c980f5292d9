package peers;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.SessionStore;

/** Counts each citizen's events by session: the window's ends are its first and last event. */
public final class Sessions {
    private static final Duration GAP = Duration.ofMinutes(30);
    private static final Duration DISORDER = Duration.ofSeconds(60);

    private Sessions() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Topology topology =
                topology(environment.get("PEER_EVENTS"), environment.get("PEER_SESSIONS"));
        KafkaStreams streams = new KafkaStreams(topology, settings(environment));
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    /** From events to one record per session, and a tombstone for one that grew or was merged. */
    static Topology topology(String events, String sessions) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(events, Consumed.with(Serdes.String(), Event.serde())
                        .withTimestampExtractor((record, partitionTime) -> timeOf(record.value())))
                .peek((citizen, event) -> tellMarker(citizen))
                .groupByKey(Grouped.with(Serdes.String(), Event.serde()))
                .windowedBy(SessionWindows.ofInactivityGapAndGrace(GAP, DISORDER))
                .count(Materialized.<String, Long, SessionStore<Bytes, byte[]>>as("sessions")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Serdes.Long()))
                .toStream()
                .map((session, count) -> KeyValue.pair(name(session), text(count)))
                .to(sessions, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static long timeOf(Object event) {
        return ((Event) event).time();
    }

    private static String name(Windowed<String> session) {
        return session.key() + "@" + session.window().start() + "@" + session.window().end();
    }

    private static String text(Long count) {
        return count == null ? null : count.toString();
    }

    private static void tellMarker(String citizen) {
        if (citizen.startsWith("marker")) {
            System.out.println(citizen);
        }
    }

    private static Properties settings(Map<String, String> environment) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, environment.get("PEER_NAME"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, environment.get("PEER_BOOTSTRAP"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, environment.get("PEER_FOLDER"));
        settings.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG, environment.get("PEER_GUARANTEE"));
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // So that a restart need not wait until the group has noticed the death.
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
        return settings;
    }
}
