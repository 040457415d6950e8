<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Revisage</source>
        <translation>Über Revisage</translation>
    </message>
    <message>
        <source>Version {0} · Qt for Python {1} · Python {2}</source>
        <translation>Version {0} · Qt für Python {1} · Python {2}</translation>
    </message>
    <message>
        <source>These pictures are not suitable for identification</source>
        <translation>Diese Bilder eignen sich nicht zur Identifizierung</translation>
    </message>
    <message>
        <source>Cooper and Farid (2026, arXiv 2603.27747) examined the removal of masks by AI and found it unsuitable for identifying a person. A reconstruction shows what a model holds for likely under the mask; it cannot show what is there.</source>
        <translation>Cooper und Farid (2026, arXiv 2603.27747) haben das Entfernen von Masken durch KI untersucht und für die Identifizierung von Personen ungeeignet gefunden. Eine Rekonstruktion zeigt, was ein Modell unter der Maske für wahrscheinlich hält; sie kann nicht zeigen, was dort ist.</translation>
    </message>
    <message>
        <source>Good for</source>
        <translation>Geeignet für</translation>
    </message>
    <message>
        <source>a lead to be followed by other means</source>
        <translation>einen Hinweis, dem mit anderen Mitteln nachgegangen wird</translation>
    </message>
    <message>
        <source>a sketch to talk about with a witness</source>
        <translation>eine Skizze für das Gespräch mit Zeugen</translation>
    </message>
    <message>
        <source>seeing how widely hypotheses differ</source>
        <translation>die Frage, wie weit Hypothesen auseinanderliegen</translation>
    </message>
    <message>
        <source>Not for</source>
        <translation>Nicht geeignet für</translation>
    </message>
    <message>
        <source>naming a person, or ruling one out</source>
        <translation>das Benennen oder Ausschließen einer Person</translation>
    </message>
    <message>
        <source>face search or any comparison by score</source>
        <translation>Gesichtssuche und jeden Vergleich nach Punktwerten</translation>
    </message>
    <message>
        <source>evidence of what a face looked like</source>
        <translation>den Beweis, wie ein Gesicht aussah</translation>
    </message>
    <message>
        <source>Photos stay on this computer and are never changed. Everything that is exported says that it is a hypothesis. Free software under the MIT licence; the Inter typeface is under the SIL Open Font License.</source>
        <translation>Fotos bleiben auf diesem Rechner und werden nie verändert. Alles, was exportiert wird, sagt von sich, dass es eine Hypothese ist. Freie Software unter der MIT-Lizenz; die Schrift Inter steht unter der SIL Open Font License.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open photos…</source>
        <translation>Fotos öffnen…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>A public-domain portrait with a drawn mask</source>
        <translation>Ein gemeinfreies Porträt mit gezeichneter Maske</translation>
    </message>
    <message>
        <source>Paste photos</source>
        <translation>Fotos einfügen</translation>
    </message>
    <message>
        <source>Open the files copied in a file manager</source>
        <translation>Öffnet Dateien, die in der Dateiverwaltung kopiert wurden</translation>
    </message>
    <message>
        <source>New case…</source>
        <translation>Neuer Fall…</translation>
    </message>
    <message>
        <source>One file for evidence, maps, results, notes and the log</source>
        <translation>Eine Datei für Asservate, Karten, Ergebnisse, Notizen und Protokoll</translation>
    </message>
    <message>
        <source>Open case…</source>
        <translation>Fall öffnen…</translation>
    </message>
    <message>
        <source>Keep in a case…</source>
        <translation>In einem Fall aufbewahren…</translation>
    </message>
    <message>
        <source>Make a case of what is open, with everything done so far</source>
        <translation>Macht einen Fall aus dem, was offen ist, mit allem bisher Getanen</translation>
    </message>
    <message>
        <source>Save case as…</source>
        <translation>Fall speichern unter…</translation>
    </message>
    <message>
        <source>Write a copy; this window goes on with the first case</source>
        <translation>Schreibt eine Kopie; dieses Fenster arbeitet im ersten Fall weiter</translation>
    </message>
    <message>
        <source>Close case</source>
        <translation>Fall schließen</translation>
    </message>
    <message>
        <source>Everything is saved already</source>
        <translation>Alles ist bereits gespeichert</translation>
    </message>
    <message>
        <source>Import map…</source>
        <translation>Karte importieren…</translation>
    </message>
    <message>
        <source>Replace the map by a PNG of the photo&apos;s size</source>
        <translation>Ersetzt die Karte durch ein PNG in der Größe des Fotos</translation>
    </message>
    <message>
        <source>Export map…</source>
        <translation>Karte exportieren…</translation>
    </message>
    <message>
        <source>Write the map as a PNG, 255 where the mask is</source>
        <translation>Schreibt die Karte als PNG, 255 wo die Maske ist</translation>
    </message>
    <message>
        <source>Export hypotheses…</source>
        <translation>Hypothesen exportieren…</translation>
    </message>
    <message>
        <source>Write labelled composites with their record</source>
        <translation>Schreibt gekennzeichnete Montagen mit ihrem Nachweis</translation>
    </message>
    <message>
        <source>Close photo</source>
        <translation>Foto schließen</translation>
    </message>
    <message>
        <source>Take the photo out of the window; its file stays</source>
        <translation>Nimmt das Foto aus dem Fenster; seine Datei bleibt</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf…</translation>
    </message>
    <message>
        <source>Every step of the map; go to any of them</source>
        <translation>Jeder Schritt der Karte; zu jedem kann man zurück</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Device, theme, language, folders, saving, signing</source>
        <translation>Gerät, Farbschema, Sprache, Ordner, Sichern, Signieren</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Inspect and correct the map</source>
        <translation>Karte prüfen und berichtigen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Photo, map and hypotheses side by side</source>
        <translation>Foto, Karte und Hypothesen nebeneinander</translation>
    </message>
    <message>
        <source>Fit photo</source>
        <translation>Foto einpassen</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100 %</translation>
    </message>
    <message>
        <source>One photo pixel on one screen pixel</source>
        <translation>Ein Bildpunkt des Fotos auf einem Bildpunkt des Schirms</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoom to face</source>
        <translation>Auf Gesicht vergrößern</translation>
    </message>
    <message>
        <source>Fill the canvas with the selected face</source>
        <translation>Füllt die Arbeitsfläche mit dem gewählten Gesicht</translation>
    </message>
    <message>
        <source>Show map</source>
        <translation>Karte zeigen</translation>
    </message>
    <message>
        <source>Map as outline only</source>
        <translation>Karte nur als Umriss</translation>
    </message>
    <message>
        <source>Show faces</source>
        <translation>Gesichter zeigen</translation>
    </message>
    <message>
        <source>Show landmarks</source>
        <translation>Landmarken zeigen</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Schieber</translation>
    </message>
    <message>
        <source>Two pictures with a divider; comma and full stop move it</source>
        <translation>Zwei Bilder mit Trennlinie; Komma und Punkt verschieben sie</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Wechsel</translation>
    </message>
    <message>
        <source>Two pictures in turn; Return stops and starts it</source>
        <translation>Zwei Bilder abwechselnd; Eingabe hält an und setzt fort</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Where two pictures differ, in colours</source>
        <translation>Wo sich zwei Bilder unterscheiden, in Farben</translation>
    </message>
    <message>
        <source>Swap A and B</source>
        <translation>A und B tauschen</translation>
    </message>
    <message>
        <source>Hold blink</source>
        <translation>Wechsel anhalten</translation>
    </message>
    <message>
        <source>Show uncertainty</source>
        <translation>Unsicherheit zeigen</translation>
    </message>
    <message>
        <source>Where the hypotheses of a run differ, in the comparison</source>
        <translation>Wo sich die Hypothesen eines Laufs unterscheiden, im Vergleich</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>Photo strip</source>
        <translation>Fotoleiste</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Properties, photos, notes, log and checks of the case</source>
        <translation>Angaben, Fotos, Notizen, Protokoll und Prüfungen des Falls</translation>
    </message>
    <message>
        <source>Next panel</source>
        <translation>Nächster Bereich</translation>
    </message>
    <message>
        <source>Take the keyboard to photo, inspector, case or photo strip</source>
        <translation>Mit der Tastatur zu Foto, Inspektor, Fall oder Fotoleiste</translation>
    </message>
    <message>
        <source>Previous panel</source>
        <translation>Voriger Bereich</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Panels back to their places and widths</source>
        <translation>Alle Bereiche an ihren Platz und in ihrer Breite</translation>
    </message>
    <message>
        <source>&amp;Map</source>
        <translation>&amp;Karte</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>Hand</translation>
    </message>
    <message>
        <source>Move the photo, select a face by a click</source>
        <translation>Verschiebt das Foto, ein Klick wählt ein Gesicht</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Add to the map; the right button erases</source>
        <translation>Fügt der Karte hinzu; die rechte Taste radiert</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Take out of the map; the right button paints</source>
        <translation>Nimmt aus der Karte heraus; die rechte Taste malt</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Draw around an area to add it; right button takes it out</source>
        <translation>Umfahrenes wird hinzugefügt; die rechte Taste nimmt heraus</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Vieleck</translation>
    </message>
    <message>
        <source>Click the corners of an area; Return closes it</source>
        <translation>Ecken eines Bereichs anklicken; Eingabe schließt ihn</translation>
    </message>
    <message>
        <source>Smart select</source>
        <translation>Kantenwahl</translation>
    </message>
    <message>
        <source>Stroke roughly over something; its edges are found</source>
        <translation>Grob über etwas streichen; seine Kanten werden gefunden</translation>
    </message>
    <message>
        <source>Invert in a box</source>
        <translation>In einem Rechteck umkehren</translation>
    </message>
    <message>
        <source>Exchange mapped and unmapped inside a rectangle</source>
        <translation>Vertauscht Kartiertes und Freies in einem Rechteck</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Add faces, move and resize their boxes</source>
        <translation>Gesichter hinzufügen, ihre Rahmen verschieben und ändern</translation>
    </message>
    <message>
        <source>Swap brush and eraser</source>
        <translation>Pinsel und Radierer tauschen</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Keyboard pointer</source>
        <translation>Tastaturzeiger</translation>
    </message>
    <message>
        <source>Arrow keys move it, Space puts the pen down and lifts it, Return sets a dot</source>
        <translation>Pfeiltasten bewegen ihn, Leertaste setzt den Stift auf und hebt ihn ab, Eingabe setzt einen Punkt</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Map everything that the map encloses</source>
        <translation>Kartiert alles, was die Karte umschließt</translation>
    </message>
    <message>
        <source>Grow by one pixel</source>
        <translation>Um einen Bildpunkt erweitern</translation>
    </message>
    <message>
        <source>Shrink by one pixel</source>
        <translation>Um einen Bildpunkt verkleinern</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Round off specks, notches and jagged edges</source>
        <translation>Rundet Flecken, Kerben und zackige Ränder ab</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Umkehren</translation>
    </message>
    <message>
        <source>Exchange mapped and unmapped everywhere</source>
        <translation>Vertauscht überall Kartiertes und Freies</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Empty the map</source>
        <translation>Leert die Karte</translation>
    </message>
    <message>
        <source>Reset to automatic</source>
        <translation>Auf Automatik zurücksetzen</translation>
    </message>
    <message>
        <source>Bring the map back that was found; can be undone</source>
        <translation>Bringt die gefundene Karte zurück; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>Next face</source>
        <translation>Nächstes Gesicht</translation>
    </message>
    <message>
        <source>Previous face</source>
        <translation>Voriges Gesicht</translation>
    </message>
    <message>
        <source>Add face</source>
        <translation>Gesicht hinzufügen</translation>
    </message>
    <message>
        <source>A new box; arrow keys move it, with Shift resize it</source>
        <translation>Ein neuer Rahmen; Pfeiltasten verschieben ihn, mit Umschalt ändern sie ihn</translation>
    </message>
    <message>
        <source>Find this face again</source>
        <translation>Dieses Gesicht neu suchen</translation>
    </message>
    <message>
        <source>Landmarks and map of the selected face only</source>
        <translation>Landmarken und Karte nur des gewählten Gesichts</translation>
    </message>
    <message>
        <source>Delete face</source>
        <translation>Gesicht löschen</translation>
    </message>
    <message>
        <source>The selected face and its part of the map; can be undone</source>
        <translation>Das gewählte Gesicht mit seinem Teil der Karte; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>Find faces and masks again</source>
        <translation>Gesichter und Masken neu suchen</translation>
    </message>
    <message>
        <source>&amp;Reconstruct</source>
        <translation>&amp;Rekonstruktion</translation>
    </message>
    <message>
        <source>Reconstruct</source>
        <translation>Rekonstruieren</translation>
    </message>
    <message>
        <source>Let the chosen models make hypotheses</source>
        <translation>Lässt die gewählten Modelle Hypothesen bilden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>New seed</source>
        <translation>Neuer Startwert</translation>
    </message>
    <message>
        <source>Choose other hypotheses by another seed</source>
        <translation>Wählt durch einen anderen Startwert andere Hypothesen</translation>
    </message>
    <message>
        <source>Model cards…</source>
        <translation>Datenblätter der Modelle…</translation>
    </message>
    <message>
        <source>What each model was trained on, and its limits</source>
        <translation>Womit jedes Modell trainiert wurde, und seine Grenzen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Commands…</source>
        <translation>Befehle…</translation>
    </message>
    <message>
        <source>Find any command by a few letters</source>
        <translation>Findet jeden Befehl durch wenige Buchstaben</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>About Revisage</source>
        <translation>Über Revisage</translation>
    </message>
    <message>
        <source>What the pictures are good for, and what not</source>
        <translation>Wofür die Bilder taugen und wofür nicht</translation>
    </message>
    <message>
        <source>Hold and drag to move the photo</source>
        <translation>Halten und ziehen verschiebt das Foto</translation>
    </message>
    <message>
        <source>Hold to see the untouched photo</source>
        <translation>Halten zeigt das unberührte Foto</translation>
    </message>
    <message>
        <source>Hold and click to draw a straight line</source>
        <translation>Halten und klicken zieht eine gerade Linie</translation>
    </message>
    <message>
        <source>Hold and turn the wheel to change the brush size</source>
        <translation>Halten und das Rad drehen ändert die Pinselgröße</translation>
    </message>
    <message>
        <source>Grid: show or leave out a hypothesis; else make it B</source>
        <translation>Raster: Hypothese zeigen oder weglassen; sonst wird sie B</translation>
    </message>
    <message>
        <source>Keyboard pointer: pen down and up, or a corner</source>
        <translation>Tastaturzeiger: Stift auf und ab, oder eine Ecke</translation>
    </message>
    <message>
        <source>Keyboard pointer: to the middle of the selected face</source>
        <translation>Tastaturzeiger: in die Mitte des gewählten Gesichts</translation>
    </message>
    <message>
        <source>Wipe: move the divider, with Shift in large steps</source>
        <translation>Schieber: Trennlinie verschieben, mit Umschalt in großen Schritten</translation>
    </message>
    <message>
        <source>&amp;Case</source>
        <translation>&amp;Fall</translation>
    </message>
    <message>
        <source>Overview of the case</source>
        <translation>Überblick über den Fall</translation>
    </message>
    <message>
        <source>Notes of the case</source>
        <translation>Notizen des Falls</translation>
    </message>
    <message>
        <source>Log of the case</source>
        <translation>Protokoll des Falls</translation>
    </message>
    <message>
        <source>Checks of the case</source>
        <translation>Prüfungen des Falls</translation>
    </message>
    <message>
        <source>Report and review</source>
        <translation>Bericht und Zweitprüfung</translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation>Notiz schreiben</translation>
    </message>
    <message>
        <source>About the case or one of its photos</source>
        <translation>Zum Fall oder zu einem seiner Fotos</translation>
    </message>
    <message>
        <source>Verify case</source>
        <translation>Fall prüfen</translation>
    </message>
    <message>
        <source>Check log, evidence, maps and pictures against their hashes</source>
        <translation>Protokoll, Asservate, Karten und Bilder mit ihren Hashwerten vergleichen</translation>
    </message>
    <message>
        <source>Reproduce all runs</source>
        <translation>Alle Läufe reproduzieren</translation>
    </message>
    <message>
        <source>Make every run again and compare</source>
        <translation>Führt jeden Lauf erneut aus und vergleicht</translation>
    </message>
    <message>
        <source>Record a review…</source>
        <translation>Zweitprüfung eintragen…</translation>
    </message>
    <message>
        <source>By a second person who did not work on the case</source>
        <translation>Durch eine zweite Person, die nicht am Fall gearbeitet hat</translation>
    </message>
    <message>
        <source>Show report…</source>
        <translation>Bericht zeigen…</translation>
    </message>
    <message>
        <source>Make the report and look at its pages</source>
        <translation>Den Bericht erstellen und seine Seiten ansehen</translation>
    </message>
    <message>
        <source>Seal package…</source>
        <translation>Paket versiegeln…</translation>
    </message>
    <message>
        <source>Originals, outputs, report and log in one ZIP, checked without the case</source>
        <translation>Originale, Ausgaben, Bericht und Protokoll in einem ZIP, ohne den Fall prüfbar</translation>
    </message>
    <message>
        <source>&amp;Live</source>
        <translation>&amp;Live</translation>
    </message>
    <message>
        <source>Live view</source>
        <translation>Live-Ansicht</translation>
    </message>
    <message>
        <source>Watch a camera, a video or a stream with its reconstruction</source>
        <translation>Eine Kamera, ein Video oder einen Stream mit seiner Rekonstruktion ansehen</translation>
    </message>
    <message>
        <source>Grab frame</source>
        <translation>Einzelbild aufnehmen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Let the picture stand still, or go on</source>
        <translation>Das Bild anhalten oder weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Reconstruct live</source>
        <translation>Live rekonstruieren</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Original and hypothesis beside each other</source>
        <translation>Original und Hypothese nebeneinander</translation>
    </message>
    <message>
        <source>Take the original frame into the case, with its time</source>
        <translation>Das unveränderte Einzelbild mit seiner Zeit in den Fall aufnehmen</translation>
    </message>
    <message>
        <source>Show a hypothesis of each frame, or the frames alone</source>
        <translation>Zu jedem Einzelbild eine Hypothese zeigen oder die Einzelbilder allein</translation>
    </message>
    <message>
        <source>With a divider; comma and full stop move it</source>
        <translation>Mit Trennlinie; Komma und Punkt verschieben sie</translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation>Neu verbinden</translation>
    </message>
    <message>
        <source>Open the same source once more, or play the video again</source>
        <translation>Dieselbe Quelle noch einmal öffnen oder das Video von vorn abspielen</translation>
    </message>
    <message>
        <source>Another source…</source>
        <translation>Andere Quelle…</translation>
    </message>
    <message>
        <source>Let go of this one and choose another</source>
        <translation>Diese freigeben und eine andere wählen</translation>
    </message>
    <message>
        <source>Close live view</source>
        <translation>Live-Ansicht schließen</translation>
    </message>
    <message>
        <source>Let go of the source and go back to the photos</source>
        <translation>Die Quelle freigeben und zu den Fotos zurückkehren</translation>
    </message>
</context>
<context>
    <name>CardPage</name>
    <message>
        <source>Intended use</source>
        <translation>Vorgesehener Zweck</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Not for</source>
        <translation>Nicht geeignet für</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>{0} × {0} pixels</source>
        <translation>{0} × {0} Bildpunkte</translation>
    </message>
    <message>
        <source>Hypotheses</source>
        <translation>Hypothesen</translation>
    </message>
    <message>
        <source>any number, chosen by a seed</source>
        <translation>beliebig viele, durch einen Startwert gewählt</translation>
    </message>
    <message>
        <source>one</source>
        <translation>eine</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Images seen</source>
        <translation>Gesehene Bilder</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Reconstruction</source>
        <translation>Rekonstruktion</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Measured by group</source>
        <translation>Gemessen nach Gruppe</translation>
    </message>
</context>
<context>
    <name>CardsDialog</name>
    <message>
        <source>Model cards</source>
        <translation>Datenblätter der Modelle</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Not usable ({0})</source>
        <translation>Nicht verwendbar ({0})</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Models that cannot be used</source>
        <translation>Modelle, die nicht verwendet werden können</translation>
    </message>
</context>
<context>
    <name>CaseCommands</name>
    <message>
        <source>Open case</source>
        <translation>Fall öffnen</translation>
    </message>
    <message>
        <source>Cases (*{0})</source>
        <translation>Fälle (*{0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Save case as</source>
        <translation>Fall speichern unter</translation>
    </message>
    <message>
        <source>{0} is the open case; choose another name.</source>
        <translation>{0} ist der offene Fall; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{0} exists already and was not replaced.</source>
        <translation>{0} gibt es schon und wurde nicht ersetzt.</translation>
    </message>
    <message>
        <source>Unsaved work</source>
        <translation>Nicht gesicherte Arbeit</translation>
    </message>
    <message>
        <source>The last changes could not be saved.</source>
        <translation>Die letzten Änderungen konnten nicht gespeichert werden.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>What was done with these photos is not kept yet.</source>
        <translation>Was mit diesen Fotos getan wurde, ist noch nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>A case keeps the photos, faces, maps with every edit, and results.</source>
        <translation>Ein Fall bewahrt Fotos, Gesichter, Karten mit jeder Änderung und Ergebnisse auf.</translation>
    </message>
    <message>
        <source>Keep in a case…</source>
        <translation>In einem Fall aufbewahren…</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>This case can only be read now: {0} ({1} on {2}) has been writing it since {3} UTC.</source>
        <translation>Dieser Fall kann jetzt nur gelesen werden: {0} ({1} an {2}) schreibt ihn seit {3} UTC.</translation>
    </message>
    <message>
        <source>{0} (read-only)</source>
        <translation>{0} (nur lesen)</translation>
    </message>
    <message>
        <source>Not saved since: {0}</source>
        <translation>Nicht gespeichert seit: {0}</translation>
    </message>
    <message>
        <source>Save case as…</source>
        <translation>Fall speichern unter…</translation>
    </message>
</context>
<context>
    <name>CasePanel</name>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Hide this panel</source>
        <translation>Diesen Bereich ausblenden</translation>
    </message>
</context>
<context>
    <name>ChecksPage</name>
    <message>
        <source>Verify case</source>
        <translation>Fall prüfen</translation>
    </message>
    <message>
        <source>Check log, evidence, maps and pictures against their hashes</source>
        <translation>Vergleicht Protokoll, Asservate, Karten und Bilder mit ihren Hashwerten</translation>
    </message>
    <message>
        <source>Reproduce</source>
        <translation>Reproduzieren</translation>
    </message>
    <message>
        <source>Make the selected runs again from their records and compare</source>
        <translation>Führt die gewählten Läufe nach ihrem Nachweis erneut aus und vergleicht</translation>
    </message>
    <message>
        <source>Reproduce all</source>
        <translation>Alle reproduzieren</translation>
    </message>
    <message>
        <source>Make every run again and compare</source>
        <translation>Führt jeden Lauf erneut aus und vergleicht</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>What the checks found</source>
        <translation>Was die Prüfungen ergaben</translation>
    </message>
    <message>
        <source>Runs of the case</source>
        <translation>Läufe des Falls</translation>
    </message>
    <message>
        <source>Nothing checked yet. Verify the case to compare everything in it with its hashes.</source>
        <translation>Noch nichts geprüft. „Fall prüfen“ vergleicht alles im Fall mit seinem Hashwert.</translation>
    </message>
    <message>
        <source>No run yet. Runs are made in the inspector, under Reconstruct.</source>
        <translation>Noch kein Lauf. Läufe startet man im Inspektor unter „Rekonstruieren“.</translation>
    </message>
    <message>
        <source>Verifying the case</source>
        <translation>Fall wird geprüft</translation>
    </message>
    <message>
        <source>Everything is as it was saved: {0}.</source>
        <translation>Alles ist so, wie es gespeichert wurde: {0}.</translation>
    </message>
    <message>
        <source>Head of the log: {0}</source>
        <translation>Kopf des Protokolls: {0}</translation>
    </message>
    <message>
        <source>{0} problems were found:</source>
        <translation>{0} Mängel wurden gefunden:</translation>
    </message>
    <message>
        <source>1 problem was found:</source>
        <translation>1 Mangel wurde gefunden:</translation>
    </message>
    <message>
        <source>Reproducing run {0}</source>
        <translation>Lauf {0} wird reproduziert</translation>
    </message>
    <message>
        <source>Run {0}: {1}.</source>
        <translation>Lauf {0}: {1}.</translation>
    </message>
    <message>
        <source>Another setup than then: {0}</source>
        <translation>Andere Umgebung als damals: {0}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>Tippen Sie, was Sie tun wollen</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Commands that fit</source>
        <translation>Passende Befehle</translation>
    </message>
    <message>
        <source>Nothing fits; type fewer letters.</source>
        <translation>Nichts passt; tippen Sie weniger Buchstaben.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Filling holes</source>
        <translation>Löcher werden gefüllt</translation>
    </message>
    <message>
        <source>Growing the map</source>
        <translation>Karte wird erweitert</translation>
    </message>
    <message>
        <source>Shrinking the map</source>
        <translation>Karte wird verkleinert</translation>
    </message>
    <message>
        <source>Smoothing the map</source>
        <translation>Karte wird geglättet</translation>
    </message>
    <message>
        <source>Inverting the map</source>
        <translation>Karte wird umgekehrt</translation>
    </message>
    <message>
        <source>Clearing the map</source>
        <translation>Karte wird geleert</translation>
    </message>
    <message>
        <source>The last run used {0}.</source>
        <translation>Der letzte Lauf nutzte {0}.</translation>
    </message>
</context>
<context>
    <name>CompareBar</name>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>{0} per second</source>
        <translation>{0} pro Sekunde</translation>
    </message>
    <message>
        <source>Changes per second</source>
        <translation>Wechsel pro Sekunde</translation>
    </message>
    <message>
        <source>How often A and B change. Never more than three times a second: faster flashing can harm people with photosensitive epilepsy.</source>
        <translation>Wie oft A und B wechseln. Nie mehr als dreimal pro Sekunde: schnelleres Blinken kann Menschen mit fotosensibler Epilepsie schaden.</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>Mit Vorzeichen</translation>
    </message>
    <message>
        <source>Absolute</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>Kind of difference</source>
        <translation>Art der Differenz</translation>
    </message>
    <message>
        <source>Signed: B minus A. Absolute: how far apart, which sees a change of hue too.</source>
        <translation>Mit Vorzeichen: B minus A. Betrag: wie weit auseinander; erfasst auch eine Änderung des Farbtons.</translation>
    </message>
    <message>
        <source>Gain {0}</source>
        <translation>Verstärkung {0}</translation>
    </message>
    <message>
        <source>Gain of the difference</source>
        <translation>Verstärkung der Differenz</translation>
    </message>
    <message>
        <source>How much the difference is amplified</source>
        <translation>Wie stark die Differenz verstärkt wird</translation>
    </message>
    <message>
        <source>Picture {0}</source>
        <translation>Bild {0}</translation>
    </message>
    <message>
        <source>showing {0} of {1}</source>
        <translation>{0} von {1} gezeigt</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Nothing to compare yet</source>
        <translation>Noch nichts zu vergleichen</translation>
    </message>
    <message>
        <source>Choose one or more models and run them. Photo, map and every hypothesis then stand here side by side and move together.</source>
        <translation>Wählen Sie ein oder mehrere Modelle und starten Sie sie. Foto, Karte und jede Hypothese stehen dann hier nebeneinander und bewegen sich gemeinsam.</translation>
    </message>
    <message>
        <source>Back to the map</source>
        <translation>Zurück zur Karte</translation>
    </message>
</context>
<context>
    <name>Controller</name>
    <message>
        <source>Looking for processors</source>
        <translation>Prozessoren werden gesucht</translation>
    </message>
    <message>
        <source>Looking for photos</source>
        <translation>Fotos werden gesucht</translation>
    </message>
    <message>
        <source>Pictures that Revisage made were left out ({0}); open them one by one to see them.</source>
        <translation>Bilder, die Revisage erzeugt hat, wurden ausgelassen ({0}); öffnen Sie sie einzeln, um sie anzusehen.</translation>
    </message>
    <message>
        <source>Files with several pictures are among them ({0}), of which only the first is used.</source>
        <translation>Darunter sind Dateien mit mehreren Bildern ({0}), von denen nur das erste verwendet wird.</translation>
    </message>
    <message>
        <source>{0} holds no photos; choose a folder with JPEG, PNG, TIFF, WebP or BMP files.</source>
        <translation>{0} enthält keine Fotos; wählen Sie einen Ordner mit Dateien in JPEG, PNG, TIFF, WebP oder BMP.</translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation>Vorschaubilder</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>{0} wird geöffnet</translation>
    </message>
    <message>
        <source>Looking for faces and masks</source>
        <translation>Gesichter und Masken werden gesucht</translation>
    </message>
    <message>
        <source>Resetting the map</source>
        <translation>Karte wird zurückgesetzt</translation>
    </message>
    <message>
        <source>Inverting the map</source>
        <translation>Karte wird umgekehrt</translation>
    </message>
    <message>
        <source>Looking for edges</source>
        <translation>Kanten werden gesucht</translation>
    </message>
    <message>
        <source>Taking the selection over</source>
        <translation>Auswahl wird übernommen</translation>
    </message>
    <message>
        <source>Drawing the sample</source>
        <translation>Beispiel wird gezeichnet</translation>
    </message>
    <message>
        <source>Importing the map</source>
        <translation>Karte wird importiert</translation>
    </message>
    <message>
        <source>Exporting the map</source>
        <translation>Karte wird exportiert</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Export läuft</translation>
    </message>
</context>
<context>
    <name>DeviceBox</name>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where the models run; Automatic takes CUDA or DirectML where they work</source>
        <translation>Wo die Modelle rechnen; Automatisch nimmt CUDA oder DirectML, wo sie laufen</translation>
    </message>
    <message>
        <source>{0} (not usable)</source>
        <translation>{0} (nicht verwendbar)</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Runs on the CPU, as chosen.</source>
        <translation>Rechnet auf der CPU, wie gewählt.</translation>
    </message>
    <message>
        <source>Runs on {0}.</source>
        <translation>Rechnet auf {0}.</translation>
    </message>
    <message>
        <source>Runs on the CPU. {0}</source>
        <translation>Rechnet auf der CPU. {0}</translation>
    </message>
</context>
<context>
    <name>Estimates</name>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} min {1} s</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
</context>
<context>
    <name>ExaminerDialog</name>
    <message>
        <source>Who examines?</source>
        <translation>Wer untersucht?</translation>
    </message>
    <message>
        <source>Your name stands in every entry of a case&apos;s log. It is remembered on this computer.</source>
        <translation>Ihr Name steht in jedem Eintrag im Protokoll eines Falls. Er wird auf diesem Rechner gespeichert.</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Sachverständige/r</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export hypotheses</source>
        <translation>Hypothesen exportieren</translation>
    </message>
    <message>
        <source>Hypotheses</source>
        <translation>Hypothesen</translation>
    </message>
    <message>
        <source>Reason for fewer than three hypotheses</source>
        <translation>Grund für weniger als drei Hypothesen</translation>
    </message>
    <message>
        <source>Such as: the others show no mouth</source>
        <translation>Etwa: die anderen zeigen keinen Mund</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Files that will be written</source>
        <translation>Dateien, die geschrieben werden</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>{0} made, {1} exported</source>
        <translation>{0} gebildet, {1} exportiert</translation>
    </message>
    <message>
        <source>Fewer than three of {0}: say why, it goes into every file.</source>
        <translation>Weniger als drei von {0}: nennen Sie den Grund, er steht in jeder Datei.</translation>
    </message>
    <message>
        <source>Tick at least one hypothesis.</source>
        <translation>Haken Sie mindestens eine Hypothese an.</translation>
    </message>
    <message>
        <source>Say why fewer than three hypotheses are shown.</source>
        <translation>Nennen Sie den Grund, warum weniger als drei Hypothesen gezeigt werden.</translation>
    </message>
    <message>
        <source>Files exist already; choose another folder or agree to replace them.</source>
        <translation>Dateien gibt es schon; wählen Sie einen anderen Ordner oder stimmen Sie dem Ersetzen zu.</translation>
    </message>
    <message>
        <source>{0} stays: it shows photo and map beside every hypothesis.</source>
        <translation>{0} bleibt: Foto und Karte stehen darin neben jeder Hypothese.</translation>
    </message>
    <message>
        <source>{0}  (exists)</source>
        <translation>{0}  (vorhanden)</translation>
    </message>
    <message>
        <source>Replace the {0} files that exist</source>
        <translation>Die {0} vorhandenen Dateien ersetzen</translation>
    </message>
    <message>
        <source>Replace the file that exists</source>
        <translation>Die vorhandene Datei ersetzen</translation>
    </message>
    <message>
        <source>{0} files</source>
        <translation>{0} Dateien</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 Datei</translation>
    </message>
    <message>
        <source>This folder does not exist.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>Formate</translation>
    </message>
    <message>
        <source>Every picture carries a visible label and the label in its metadata; a record (JSON) says how each was made. Outside the map a composite&apos;s pixels are the photo&apos;s.</source>
        <translation>Jedes Bild trägt eine sichtbare Kennzeichnung, auch in den Metadaten; ein Nachweis (JSON) sagt, wie es entstand. Außerhalb der Karte sind die Bildpunkte einer Montage die des Fotos.</translation>
    </message>
    <message>
        <source>Export of {0}</source>
        <translation>Export von {0}</translation>
    </message>
    <message>
        <source>Folder and files</source>
        <translation>Ordner und Dateien</translation>
    </message>
    <message>
        <source>Folder for the export</source>
        <translation>Ordner für den Export</translation>
    </message>
</context>
<context>
    <name>FaceEdits</name>
    <message>
        <source>Finding the face</source>
        <translation>Gesicht wird gesucht</translation>
    </message>
    <message>
        <source>Finding the face again</source>
        <translation>Gesicht wird neu gesucht</translation>
    </message>
    <message>
        <source>Deleting the face</source>
        <translation>Gesicht wird gelöscht</translation>
    </message>
</context>
<context>
    <name>FacesPanel</name>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Click to select a face, double-click to fill the canvas with it</source>
        <translation>Klick wählt ein Gesicht, Doppelklick füllt die Arbeitsfläche damit</translation>
    </message>
    <message>
        <source>Looking for faces…</source>
        <translation>Gesichter werden gesucht…</translation>
    </message>
    <message>
        <source>The search did not work; the message above says why. F5 tries again.</source>
        <translation>Die Suche ist gescheitert; die Meldung oben sagt warum. F5 versucht es erneut.</translation>
    </message>
    <message>
        <source>No face was found. Shift+A adds a box by hand, and so does a drag with the face tool; a reconstruction needs a face.</source>
        <translation>Kein Gesicht gefunden. Umschalt+A setzt einen Rahmen von Hand, ebenso Ziehen mit dem Gesichterwerkzeug; eine Rekonstruktion braucht ein Gesicht.</translation>
    </message>
    <message>
        <source>masked, {0} %</source>
        <translation>mit Maske, {0} %</translation>
    </message>
    <message>
        <source>no mask seen</source>
        <translation>keine Maske gesehen</translation>
    </message>
    <message>
        <source>Face {0}: {1}</source>
        <translation>Gesicht {0}: {1}</translation>
    </message>
    <message>
        <source>{0} × {1} pixels at {2}, {3}; found with score {4}</source>
        <translation>{0} × {1} Bildpunkte bei {2}, {3}; gefunden mit Wert {4}</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Faces without a mask</source>
        <translation>Gesichter ohne Maske</translation>
    </message>
    <message>
        <source>Hypotheses per face</source>
        <translation>Hypothesen je Gesicht</translation>
    </message>
    <message>
        <source>IoU, mean</source>
        <translation>IoU, Mittel</translation>
    </message>
    <message>
        <source>IoU, 10th percentile</source>
        <translation>IoU, 10. Perzentil</translation>
    </message>
    <message>
        <source>Share mapped where there is no mask</source>
        <translation>Kartierter Anteil, wo keine Maske ist</translation>
    </message>
    <message>
        <source>Recall, IoU 0.4</source>
        <translation>Trefferquote, IoU 0,4</translation>
    </message>
    <message>
        <source>Precision, IoU 0.4</source>
        <translation>Präzision, IoU 0,4</translation>
    </message>
    <message>
        <source>AP (COCO)</source>
        <translation>AP (COCO)</translation>
    </message>
    <message>
        <source>AP, IoU 0.5</source>
        <translation>AP, IoU 0,5</translation>
    </message>
    <message>
        <source>AR, 10 boxes a photo</source>
        <translation>AR, 10 Rahmen je Foto</translation>
    </message>
    <message>
        <source>Landmarks, error in eye distances</source>
        <translation>Landmarken, Fehler in Augenabständen</translation>
    </message>
    <message>
        <source>Eyes, error in eye distances</source>
        <translation>Augen, Fehler in Augenabständen</translation>
    </message>
    <message>
        <source>Eyes, 90th percentile of the error</source>
        <translation>Augen, 90. Perzentil des Fehlers</translation>
    </message>
    <message>
        <source>PSNR under the mask, dB</source>
        <translation>PSNR unter der Maske, dB</translation>
    </message>
    <message>
        <source>PSNR under the mask, standard deviation, dB</source>
        <translation>PSNR unter der Maske, Standardabweichung, dB</translation>
    </message>
    <message>
        <source>PSNR of the hypotheses&apos; mean, dB</source>
        <translation>PSNR des Mittels der Hypothesen, dB</translation>
    </message>
    <message>
        <source>SSIM under the mask</source>
        <translation>SSIM unter der Maske</translation>
    </message>
    <message>
        <source>L1</source>
        <translation>L1</translation>
    </message>
    <message>
        <source>L2</source>
        <translation>L2</translation>
    </message>
    <message>
        <source>L1 under the mask</source>
        <translation>L1 unter der Maske</translation>
    </message>
    <message>
        <source>L1 under the mask, of blank paper</source>
        <translation>L1 unter der Maske, leeres Papier</translation>
    </message>
    <message>
        <source>Blackness under the mask</source>
        <translation>Schwärzung unter der Maske</translation>
    </message>
    <message>
        <source>Spread of the hypotheses</source>
        <translation>Streuung der Hypothesen</translation>
    </message>
    <message>
        <source>Share within the stated interval</source>
        <translation>Anteil im angegebenen Bereich</translation>
    </message>
    <message>
        <source>Correlation of stated and true error</source>
        <translation>Korrelation von angegebenem und wahrem Fehler</translation>
    </message>
    <message>
        <source>Correlation of stated and true error, 8 px squares</source>
        <translation>Korrelation von angegebenem und wahrem Fehler, Quadrate von 8 px</translation>
    </message>
    <message>
        <source>Mouth, error in eye distances</source>
        <translation>Mund, Fehler in Augenabständen</translation>
    </message>
    <message>
        <source>Mouth, error of further hypotheses</source>
        <translation>Mund, Fehler weiterer Hypothesen</translation>
    </message>
    <message>
        <source>Mouths of two hypotheses, difference</source>
        <translation>Mund, Unterschied zweier Hypothesen</translation>
    </message>
    <message>
        <source>Cosine of face embeddings</source>
        <translation>Kosinus der Gesichtseinbettungen</translation>
    </message>
    <message>
        <source>SqueezeNet distance</source>
        <translation>SqueezeNet-Abstand</translation>
    </message>
    <message>
        <source>SqueezeNet distance, further hypotheses</source>
        <translation>SqueezeNet-Abstand, weitere Hypothesen</translation>
    </message>
    <message>
        <source>SqueezeNet distance of two hypotheses</source>
        <translation>SqueezeNet-Abstand zweier Hypothesen</translation>
    </message>
    <message>
        <source>SqueezeNet Fréchet distance</source>
        <translation>SqueezeNet-Fréchet-Abstand</translation>
    </message>
    <message>
        <source>SqueezeNet kernel distance</source>
        <translation>SqueezeNet-Kernabstand</translation>
    </message>
    <message>
        <source>Share in which a face is found</source>
        <translation>Anteil, in dem ein Gesicht gefunden wird</translation>
    </message>
    <message>
        <source>The same in the originals</source>
        <translation>Dasselbe in den Originalen</translation>
    </message>
    <message>
        <source>Median time, ms</source>
        <translation>Median der Zeit, ms</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Real masks</source>
        <translation>Echte Masken</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>unscharf</translation>
    </message>
    <message>
        <source>noisy</source>
        <translation>verrauscht</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>grau</translation>
    </message>
    <message>
        <source>JPEG quality 8</source>
        <translation>JPEG-Qualität 8</translation>
    </message>
    <message>
        <source>faces of 48 px</source>
        <translation>Gesichter von 48 px</translation>
    </message>
    <message>
        <source>faces of 24 px</source>
        <translation>Gesichter von 24 px</translation>
    </message>
    <message>
        <source>mask to the chin</source>
        <translation>Maske bis zum Kinn</translation>
    </message>
    <message>
        <source>mask to the neck</source>
        <translation>Maske bis zum Hals</translation>
    </message>
    <message>
        <source>nose free</source>
        <translation>Nase frei</translation>
    </message>
    <message>
        <source>nose and mouth free</source>
        <translation>Nase und Mund frei</translation>
    </message>
    <message>
        <source>head frontal</source>
        <translation>Kopf frontal</translation>
    </message>
    <message>
        <source>head turned</source>
        <translation>Kopf gedreht</translation>
    </message>
    <message>
        <source>head turned further</source>
        <translation>Kopf weiter gedreht</translation>
    </message>
    <message>
        <source>skin light</source>
        <translation>Haut hell</translation>
    </message>
    <message>
        <source>skin intermediate</source>
        <translation>Haut mittel</translation>
    </message>
    <message>
        <source>skin tan</source>
        <translation>Haut gebräunt</translation>
    </message>
    <message>
        <source>skin brown or dark</source>
        <translation>Haut braun oder dunkel</translation>
    </message>
</context>
<context>
    <name>FileCommands</name>
    <message>
        <source>This case can only be read now; close it to open photos.</source>
        <translation>Dieser Fall kann jetzt nur gelesen werden; schließen Sie ihn, um Fotos zu öffnen.</translation>
    </message>
    <message>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <source>Photos ({0})</source>
        <translation>Fotos ({0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>The clipboard holds no files; copy photos in a file manager first.</source>
        <translation>Die Zwischenablage enthält keine Dateien; kopieren Sie erst Fotos in der Dateiverwaltung.</translation>
    </message>
    <message>
        <source>Import map</source>
        <translation>Karte importieren</translation>
    </message>
    <message>
        <source>Maps (*.png)</source>
        <translation>Karten (*.png)</translation>
    </message>
    <message>
        <source>Export map</source>
        <translation>Karte exportieren</translation>
    </message>
    <message>
        <source>1 file written to {0}.</source>
        <translation>1 Datei nach {0} geschrieben.</translation>
    </message>
    <message>
        <source>{0} files written to {1}.</source>
        <translation>{0} Dateien nach {1} geschrieben.</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>Exporte</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Not chosen yet</source>
        <translation>Noch nicht gewählt</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse: {0}</source>
        <translation>Durchsuchen: {0}</translation>
    </message>
    <message>
        <source>File dialogs begin there; they go along with the folder that was used last.</source>
        <translation>Dateidialoge beginnen dort; sie folgen dem zuletzt benutzten Ordner.</translation>
    </message>
    <message>
        <source>{0} is no folder; choose another.</source>
        <translation>{0} ist kein Ordner; wählen Sie einen anderen.</translation>
    </message>
</context>
<context>
    <name>FormatRow</name>
    <message>
        <source>Holds the pixels exactly</source>
        <translation>Bewahrt die Bildpunkte genau</translation>
    </message>
    <message>
        <source>For people to look at; its pixels are not exact</source>
        <translation>Zum Ansehen; die Bildpunkte sind nicht genau</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>As the system ({0})</source>
        <translation>Wie das System ({0})</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Takes effect when Revisage is started again.</source>
        <translation>Gilt, sobald Revisage neu gestartet wird.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ihr Name</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Sachverständige/r</translation>
    </message>
    <message>
        <source>Stands in the log beside everything that is done in a case from then on.</source>
        <translation>Steht von da an im Protokoll neben allem, was in einem Fall getan wird.</translation>
    </message>
</context>
<context>
    <name>Grabber</name>
    <message>
        <source>Grabbing the frame</source>
        <translation>Einzelbild wird aufgenommen</translation>
    </message>
    <message>
        <source>Frame {0} at {1}</source>
        <translation>Einzelbild {0} bei {1}</translation>
    </message>
    <message>
        <source>Writing the frame</source>
        <translation>Einzelbild wird geschrieben</translation>
    </message>
    <message>
        <source>{0} is in the case already.</source>
        <translation>{0} ist schon im Fall.</translation>
    </message>
    <message>
        <source>{0} is in the case as evidence {1}.</source>
        <translation>{0} ist als Asservat {1} im Fall.</translation>
    </message>
    <message>
        <source>{0} is back.</source>
        <translation>{0} ist wieder da.</translation>
    </message>
    <message>
        <source>{0} was opened as a photo; it is not in a case yet.</source>
        <translation>{0} wurde als Foto geöffnet; es ist noch in keinem Fall.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Vieleck</translation>
    </message>
    <message>
        <source>Smart select</source>
        <translation>Kantenwahl</translation>
    </message>
    <message>
        <source>Invert in a box</source>
        <translation>In einem Rechteck umkehren</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Grow by one pixel</source>
        <translation>Um einen Bildpunkt erweitern</translation>
    </message>
    <message>
        <source>Shrink by one pixel</source>
        <translation>Um einen Bildpunkt verkleinern</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Umkehren</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Reset to automatic</source>
        <translation>Auf Automatik zurücksetzen</translation>
    </message>
    <message>
        <source>Import map</source>
        <translation>Karte importieren</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
</context>
<context>
    <name>HistoryPopup</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Steps of the map</source>
        <translation>Schritte der Karte</translation>
    </message>
    <message>
        <source>Choose a step to go to it</source>
        <translation>Wählen Sie einen Schritt, um zu ihm zu gehen</translation>
    </message>
    <message>
        <source>As found</source>
        <translation>Wie gefunden</translation>
    </message>
    <message>
        <source>Undone; choose it to bring it back</source>
        <translation>Rückgängig gemacht; wählen Sie ihn, um ihn zurückzuholen</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Opening {0}</source>
        <translation>{0} wird geöffnet</translation>
    </message>
    <message>
        <source>{0} and {1} hold the same bytes, which a case keeps once; close the one whose work you do not need, and keep the other.</source>
        <translation>{0} und {1} haben dieselben Bytes, die ein Fall nur einmal hält; schließen Sie das Foto, dessen Bearbeitung Sie nicht brauchen, und behalten Sie das andere.</translation>
    </message>
    <message>
        <source>Making {0}</source>
        <translation>{0} wird angelegt</translation>
    </message>
    <message>
        <source>{0} was not closed in an orderly way by {1}; everything that was saved is there.</source>
        <translation>{0} wurde von {1} nicht ordentlich geschlossen; alles, was gespeichert war, ist da.</translation>
    </message>
    <message>
        <source>Saving {0}</source>
        <translation>{0} wird gespeichert</translation>
    </message>
    <message>
        <source>The case was written to {0}; this window goes on with {1}.</source>
        <translation>Der Fall wurde nach {0} geschrieben; dieses Fenster arbeitet in {1} weiter.</translation>
    </message>
    <message>
        <source>{0} can no longer be saved; this window goes on with {1}.</source>
        <translation>{0} kann nicht mehr gespeichert werden; dieses Fenster arbeitet in {1} weiter.</translation>
    </message>
    <message>
        <source>Close the case first; what was left belongs into a window without one.</source>
        <translation>Schließen Sie zuerst den Fall; das Übriggebliebene gehört in ein Fenster ohne Fall.</translation>
    </message>
</context>
<context>
    <name>KeptPhotos</name>
    <message>
        <source>{0} earlier runs of {1} stay in the case; there is no room to show them all.</source>
        <translation>{0} frühere Läufe von {1} bleiben im Fall; es ist kein Platz, um alle zu zeigen.</translation>
    </message>
    <message>
        <source>Checking the evidence</source>
        <translation>Asservat wird geprüft</translation>
    </message>
    <message>
        <source>{0} holds the same bytes as {1}, which is in the case already.</source>
        <translation>{0} hat dieselben Bytes wie {1}, das schon im Fall ist.</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>hypothesis {0} of {1} · seed {2}</source>
        <translation>Hypothese {0} von {1} · Startwert {2}</translation>
    </message>
    <message>
        <source>another map · {0}</source>
        <translation>andere Karte · {0}</translation>
    </message>
</context>
<context>
    <name>LeftOffer</name>
    <message>
        <source>Revisage ended unexpectedly on {0}. Not kept in a case: photos {1}, map edits {2}.</source>
        <translation>Revisage wurde am {0} unerwartet beendet. In keinem Fall aufbewahrt: Fotos {1}, Änderungen an Karten {2}.</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Standard deviation of the hypotheses at each pixel, in percent of the full range. Where they agree they may still all be wrong.</source>
        <translation>Standardabweichung der Hypothesen an jedem Bildpunkt, in Prozent des vollen Umfangs. Auch wo sie übereinstimmen, können alle falsch sein.</translation>
    </message>
    <message>
        <source>How far off the mean of the hypotheses is expected to be at each pixel, in percent of the full range: on validation faces four of five pixels were no farther off.</source>
        <translation>Wie weit das Mittel der Hypothesen an jedem Bildpunkt voraussichtlich danebenliegt, in Prozent des vollen Umfangs: auf Gesichtern der Validierung lagen vier von fünf Bildpunkten nicht weiter daneben.</translation>
    </message>
    <message>
        <source>Legend of the uncertainty</source>
        <translation>Legende der Unsicherheit</translation>
    </message>
    <message>
        <source>Legend of the difference</source>
        <translation>Legende der Differenz</translation>
    </message>
    <message>
        <source>In percent of the full range. Signed: B minus A, mean of the channels; blue is darker in B, orange lighter. Absolute: mean distance of the channels. Black is no difference.</source>
        <translation>In Prozent des vollen Umfangs. Mit Vorzeichen: B minus A, Mittel der Kanäle; Blau ist in B dunkler, Orange heller. Betrag: mittlerer Abstand der Kanäle. Schwarz ist kein Unterschied.</translation>
    </message>
</context>
<context>
    <name>LiveCommands</name>
    <message>
        <source>Choose a video</source>
        <translation>Video wählen</translation>
    </message>
    <message>
        <source>Videos ({0})</source>
        <translation>Videos ({0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>LiveControls</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What the hypotheses are made with</source>
        <translation>Womit die Hypothesen erzeugt werden</translation>
    </message>
</context>
<context>
    <name>LiveFoot</name>
    <message>
        <source>Frame rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>Frames that come, frames that are shown, and frames that were left out so that the picture never lags behind.</source>
        <translation>Einzelbilder, die ankommen, die gezeigt werden und die ausgelassen wurden, damit das Bild nie hinterherhinkt.</translation>
    </message>
    <message>
        <source>captured {0}/s  ·  shown {1}/s  ·  dropped {2}  ·  {3} ms late</source>
        <translation>empfangen {0}/s  ·  gezeigt {1}/s  ·  ausgelassen {2}  ·  {3} ms verzögert</translation>
    </message>
    <message>
        <source>frame {0}  ·  {1}  ·  {2} UTC</source>
        <translation>Einzelbild {0}  ·  {1}  ·  {2} UTC</translation>
    </message>
</context>
<context>
    <name>LivePage</name>
    <message>
        <source>Looking for cameras</source>
        <translation>Kameras werden gesucht</translation>
    </message>
    <message>
        <source>Live view</source>
        <translation>Live-Ansicht</translation>
    </message>
    <message>
        <source>Nothing is watched</source>
        <translation>Keine Quelle geöffnet</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>stream</source>
        <translation>Stream</translation>
    </message>
    <message>
        <source>video file</source>
        <translation>Videodatei</translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation>Neu verbinden</translation>
    </message>
    <message>
        <source>The video has ended.</source>
        <translation>Das Video ist zu Ende.</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>Noch einmal abspielen</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation>Letztes Einzelbild</translation>
    </message>
    <message>
        <source>Opening {0}…</source>
        <translation>{0} wird geöffnet…</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>As it came; this is what is grabbed</source>
        <translation>Wie es ankam; so wird es aufgenommen</translation>
    </message>
    <message>
        <source>1 masked face filled in</source>
        <translation>1 Gesicht mit Maske ergänzt</translation>
    </message>
    <message>
        <source>{0} masked faces filled in</source>
        <translation>{0} Gesichter mit Maske ergänzt</translation>
    </message>
    <message>
        <source>No masked face in sight</source>
        <translation>Kein Gesicht mit Maske zu sehen</translation>
    </message>
    <message>
        <source>Hypothesis, not an identification</source>
        <translation>Hypothese, keine Feststellung der Identität</translation>
    </message>
</context>
<context>
    <name>LiveScreen</name>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Hypothesis</source>
        <translation>Hypothese</translation>
    </message>
    <message>
        <source>Original and hypothesis</source>
        <translation>Original und Hypothese</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>photo {0}</source>
        <translation>Foto {0}</translation>
    </message>
    <message>
        <source>Case made</source>
        <translation>Fall angelegt</translation>
    </message>
    <message>
        <source>Property set</source>
        <translation>Angabe gesetzt</translation>
    </message>
    <message>
        <source>Recovered after a crash</source>
        <translation>Nach einem Absturz wiederhergestellt</translation>
    </message>
    <message>
        <source>Brought to a newer version</source>
        <translation>Auf eine neuere Version gebracht</translation>
    </message>
    <message>
        <source>Frame grabbed</source>
        <translation>Einzelbild aufgenommen</translation>
    </message>
    <message>
        <source>Generated picture taken in</source>
        <translation>Erzeugtes Bild aufgenommen</translation>
    </message>
    <message>
        <source>Photo taken in</source>
        <translation>Foto aufgenommen</translation>
    </message>
    <message>
        <source>Same bytes under another name</source>
        <translation>Gleiche Bytes unter anderem Namen</translation>
    </message>
    <message>
        <source>Faces kept</source>
        <translation>Gesichter festgehalten</translation>
    </message>
    <message>
        <source>{0} · faces: {1} · {2}</source>
        <translation>{0} · Gesichter: {1} · {2}</translation>
    </message>
    <message>
        <source>Map begun</source>
        <translation>Karte begonnen</translation>
    </message>
    <message>
        <source>Map edited</source>
        <translation>Karte bearbeitet</translation>
    </message>
    <message>
        <source>map {0} · edit {1} · {2}</source>
        <translation>Karte {0} · Änderung {1} · {2}</translation>
    </message>
    <message>
        <source>Reconstructed</source>
        <translation>Rekonstruiert</translation>
    </message>
    <message>
        <source>{0} · run {1} · {2} · seed {3}</source>
        <translation>{0} · Lauf {1} · {2} · Startwert {3}</translation>
    </message>
    <message>
        <source>Run failed</source>
        <translation>Lauf gescheitert</translation>
    </message>
    <message>
        <source>Reproduced</source>
        <translation>Reproduziert</translation>
    </message>
    <message>
        <source>run {0} · {1}</source>
        <translation>Lauf {0} · {1}</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>Exportiert</translation>
    </message>
    <message>
        <source>Package sealed</source>
        <translation>Paket versiegelt</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Zweitgeprüft</translation>
    </message>
    <message>
        <source>Note written</source>
        <translation>Notiz geschrieben</translation>
    </message>
    <message>
        <source>case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>von Hand</translation>
    </message>
    <message>
        <source>from a file</source>
        <translation>aus einer Datei</translation>
    </message>
    <message>
        <source>brought back</source>
        <translation>zurückgeholt</translation>
    </message>
    <message>
        <source>edit</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>identical, bit for bit</source>
        <translation>gleich, Bit für Bit</translation>
    </message>
    <message>
        <source>differs by up to {0} of 255</source>
        <translation>weicht um bis zu {0} von 255 ab</translation>
    </message>
    <message>
        <source>{0}, within the tolerance of {1}</source>
        <translation>{0}, innerhalb der Toleranz von {1}</translation>
    </message>
    <message>
        <source>not reproduced: {0}</source>
        <translation>nicht reproduziert: {0}</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Zeit (UTC)</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Sachverständige/r</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>No entry has these words, kind and time.</source>
        <translation>Kein Eintrag hat diese Wörter, diese Art und diese Zeit.</translation>
    </message>
    <message>
        <source>Search the log</source>
        <translation>Protokoll durchsuchen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Kind of step</source>
        <translation>Art des Schritts</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jede Zeit</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>The entry in full</source>
        <translation>Der ganze Eintrag</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Asservate</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>Karten</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Reviews</source>
        <translation>Zweitprüfungen</translation>
    </message>
    <message>
        <source>Exports</source>
        <translation>Exporte</translation>
    </message>
    <message>
        <source>Packages</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>All steps</source>
        <translation>Alle Schritte</translation>
    </message>
    <message>
        <source>{0} entries</source>
        <translation>{0} Einträge</translation>
    </message>
    <message>
        <source>1 entry</source>
        <translation>1 Eintrag</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Drop to open</source>
        <translation>Zum Öffnen ablegen</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Recent cases</source>
        <translation>Letzte Fälle</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>The photo with its map; arrow keys move it, plus and minus zoom</source>
        <translation>Das Foto mit seiner Karte; Pfeiltasten verschieben es, Plus und Minus vergrößern und verkleinern</translation>
    </message>
</context>
<context>
    <name>MapPage</name>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>All of them can be told apart with every common colour blindness.</source>
        <translation>Alle lassen sich bei jeder verbreiteten Farbenblindheit unterscheiden.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
</context>
<context>
    <name>MapPanel</name>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Opacity of the map</source>
        <translation>Deckkraft der Karte</translation>
    </message>
    <message>
        <source>How strongly the map covers the photo</source>
        <translation>Wie stark die Karte das Foto überdeckt</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>{0} % of the photo</source>
        <translation>{0} % des Fotos</translation>
    </message>
    <message>
        <source>{0}, edited</source>
        <translation>{0}, bearbeitet</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <source>Sky blue</source>
        <translation>Himmelblau</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Magenta</source>
        <translation>Magenta</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Details of the message</source>
        <translation>Einzelheiten der Meldung</translation>
    </message>
    <message>
        <source>Close all</source>
        <translation>Alle schließen</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>{0} weitere</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>Sketch</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>GAN</source>
        <translation>GAN</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Card of {0}</source>
        <translation>Datenblatt von {0}</translation>
    </message>
</context>
<context>
    <name>NewCaseDialog</name>
    <message>
        <source>Keep in a case</source>
        <translation>In einem Fall aufbewahren</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>Neuer Fall</translation>
    </message>
    <message>
        <source>The photos that are open ({0}) go into the case byte for byte, with their faces, maps, edits and results. From then on everything is saved as it happens.</source>
        <translation>Die offenen Fotos ({0}) kommen Byte für Byte in den Fall, mit Gesichtern, Karten, Änderungen und Ergebnissen. Von da an wird alles gespeichert, wie es geschieht.</translation>
    </message>
    <message>
        <source>One file holds the evidence byte for byte and everything done with it, saved as it happens.</source>
        <translation>Eine Datei bewahrt die Asservate Byte für Byte und alles, was mit ihnen getan wird; gespeichert wird, wie es geschieht.</translation>
    </message>
    <message>
        <source>Make case</source>
        <translation>Fall anlegen</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>What the matter is called</source>
        <translation>Wie die Sache heißt</translation>
    </message>
    <message>
        <source>Case number</source>
        <translation>Fallnummer</translation>
    </message>
    <message>
        <source>As your lab counts it</source>
        <translation>Wie Ihr Labor zählt</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Sachverständige/r</translation>
    </message>
    <message>
        <source>Name in the log</source>
        <translation>Name im Protokoll</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Give the examiner&apos;s name; it stands in every entry of the log.</source>
        <translation>Nennen Sie den Namen der oder des Sachverständigen; er steht in jedem Eintrag des Protokolls.</translation>
    </message>
    <message>
        <source>This folder does not exist.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>This file exists already; choose another name.</source>
        <translation>Diese Datei gibt es schon; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Cases (*{0})</source>
        <translation>Fälle (*{0})</translation>
    </message>
</context>
<context>
    <name>NotesPage</name>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>No note yet. Notes go into the log and the report.</source>
        <translation>Noch keine Notiz. Notizen gehen in Protokoll und Bericht ein.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Write a note…</source>
        <translation>Notiz schreiben…</translation>
    </message>
    <message>
        <source>What the note is about</source>
        <translation>Wovon die Notiz handelt</translation>
    </message>
    <message>
        <source>Add note</source>
        <translation>Notiz hinzufügen</translation>
    </message>
    <message>
        <source>New note</source>
        <translation>Neue Notiz</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Zurückziehen</translation>
    </message>
    <message>
        <source>Take the note back; the log still tells of it</source>
        <translation>Nimmt die Notiz zurück; das Protokoll berichtet weiter von ihr</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>About the case</source>
        <translation>Zum Fall</translation>
    </message>
    <message>
        <source>About {0}</source>
        <translation>Zu {0}</translation>
    </message>
    <message>
        <source>Replace note</source>
        <translation>Notiz ersetzen</translation>
    </message>
</context>
<context>
    <name>OfferBar</name>
    <message>
        <source>Selection under way</source>
        <translation>Auswahl in Arbeit</translation>
    </message>
</context>
<context>
    <name>OptionsBar</name>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>Brush size in photo pixels</source>
        <translation>Pinselgröße in Bildpunkten des Fotos</translation>
    </message>
    <message>
        <source>Diameter in photo pixels; [ and ] change it</source>
        <translation>Durchmesser in Bildpunkten des Fotos; [ und ] ändern ihn</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Drag to move the photo. Click a face to select it.</source>
        <translation>Ziehen verschiebt das Foto. Klicken Sie auf ein Gesicht, um es zu wählen.</translation>
    </message>
    <message>
        <source>Right button erases. Shift draws straight, with the wheel it sizes. X swaps.</source>
        <translation>Rechte Taste radiert. Umschalt zieht gerade, mit dem Rad ändert es die Größe. X tauscht.</translation>
    </message>
    <message>
        <source>Right button paints. Shift draws straight, with the wheel it sizes. X swaps.</source>
        <translation>Rechte Taste malt. Umschalt zieht gerade, mit dem Rad ändert es die Größe. X tauscht.</translation>
    </message>
    <message>
        <source>Draw around an area to add it. Right button takes it out.</source>
        <translation>Umfahren Sie einen Bereich, um ihn hinzuzufügen. Rechte Taste nimmt ihn heraus.</translation>
    </message>
    <message>
        <source>Click corners, with the right button to take out. Return or a double click closes, Backspace takes a corner back.</source>
        <translation>Ecken anklicken, mit der rechten Taste zum Herausnehmen. Eingabe oder Doppelklick schließt, Rücktaste nimmt eine Ecke zurück.</translation>
    </message>
    <message>
        <source>Stroke roughly over what belongs, with the right button over what does not.</source>
        <translation>Streichen Sie grob über das, was dazugehört, mit der rechten Taste über das, was nicht dazugehört.</translation>
    </message>
    <message>
        <source>Drag a rectangle; the map is inverted inside it.</source>
        <translation>Ziehen Sie ein Rechteck; darin wird die Karte umgekehrt.</translation>
    </message>
    <message>
        <source>Drag a box around a face to add it, its handles to resize, its inside to move it. Arrow keys work too, Shift resizes.</source>
        <translation>Ziehen Sie einen Rahmen um ein Gesicht, um es hinzuzufügen; seine Griffe ändern, sein Inneres verschiebt ihn. Auch Pfeiltasten, mit Umschalt ändern sie die Größe.</translation>
    </message>
    <message>
        <source>Arrow keys move the pointer, Shift finely, Ctrl far. Space sets a corner, Return closes; Space pans again without the pointer ({0}).</source>
        <translation>Pfeiltasten bewegen den Zeiger, Umschalt fein, Strg weit. Leertaste setzt Ecken, Eingabe schließt; ohne Zeiger ({0}) verschiebt sie wieder.</translation>
    </message>
    <message>
        <source>Arrow keys move the pointer, Shift finely, Ctrl far. Space is pen down and up; it pans again without the pointer ({0}).</source>
        <translation>Pfeiltasten bewegen den Zeiger, Umschalt fein, Strg weit. Leertaste: Stift auf und ab; ohne Zeiger ({0}) verschiebt sie.</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Case number</source>
        <translation>Fallnummer</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Sachverständige/r</translation>
    </message>
    <message>
        <source>Laboratory</source>
        <translation>Labor</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>Auftraggeber</translation>
    </message>
    <message>
        <source>Requested on</source>
        <translation>Auftrag vom</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Drive</source>
        <translation>Laufwerk</translation>
    </message>
    <message>
        <source>Log head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>Properties of the case</source>
        <translation>Angaben zum Fall</translation>
    </message>
    <message>
        <source>Photos of the case</source>
        <translation>Fotos des Falls</translation>
    </message>
    <message>
        <source>Double-click a photo to look at it</source>
        <translation>Doppelklick auf ein Foto zeigt es</translation>
    </message>
    <message>
        <source>No photo yet. Drop photos on the window: each is copied into the case and hashed.</source>
        <translation>Noch kein Foto. Legen Sie Fotos im Fenster ab: Jedes wird in den Fall kopiert und erhält seinen Hashwert.</translation>
    </message>
    <message>
        <source>local</source>
        <translation>lokal</translation>
    </message>
    <message>
        <source>network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>removable</source>
        <translation>Wechselmedium</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
</context>
<context>
    <name>PairPage</name>
    <message>
        <source>Wipe</source>
        <translation>Schieber</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Wechsel</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>A map has no difference; choose pictures.</source>
        <translation>Eine Karte hat keine Differenz; wählen Sie Bilder.</translation>
    </message>
    <message>
        <source>Twice the same picture; choose another.</source>
        <translation>Zweimal dasselbe Bild; wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Vergleich läuft…</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Vergleich läuft</translation>
    </message>
    <message>
        <source>largest {0} %</source>
        <translation>größte {0} %</translation>
    </message>
    <message>
        <source>no difference</source>
        <translation>kein Unterschied</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>nicht verglichen</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>Shown and exported; without the tick it is left out of both</source>
        <translation>Wird gezeigt und exportiert; ohne Haken keines von beiden</translation>
    </message>
    <message>
        <source>Show and export {0}</source>
        <translation>{0} zeigen und exportieren</translation>
    </message>
</context>
<context>
    <name>PhotoPage</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>This photo could not be opened</source>
        <translation>Dieses Foto ließ sich nicht öffnen</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
</context>
<context>
    <name>PhotoStrip</name>
    <message>
        <source>Could not be opened</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Looking for faces…</source>
        <translation>Sucht Gesichter…</translation>
    </message>
    <message>
        <source>Reconstructing…</source>
        <translation>Wird rekonstruiert…</translation>
    </message>
    <message>
        <source>1 hypothesis</source>
        <translation>1 Hypothese</translation>
    </message>
    <message>
        <source>{0} hypotheses</source>
        <translation>{0} Hypothesen</translation>
    </message>
    <message>
        <source>Not fully analysed</source>
        <translation>Unvollständig</translation>
    </message>
    <message>
        <source>No face found</source>
        <translation>Kein Gesicht</translation>
    </message>
    <message>
        <source>No mask found</source>
        <translation>Keine Maske</translation>
    </message>
    <message>
        <source>Map edited</source>
        <translation>Karte bearbeitet</translation>
    </message>
    <message>
        <source>Map found</source>
        <translation>Karte gefunden</translation>
    </message>
    <message>
        <source>Photo strip</source>
        <translation>Fotoleiste</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
</context>
<context>
    <name>PhotosModel</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>{0}, 1 edit</source>
        <translation>{0}, 1 Änderung</translation>
    </message>
    <message>
        <source>{0}, {1} edits</source>
        <translation>{0}, {1} Änderungen</translation>
    </message>
</context>
<context>
    <name>Places</name>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>tables</source>
        <translation>Tabellen</translation>
    </message>
    <message>
        <source>structure</source>
        <translation>Aufbau</translation>
    </message>
    <message>
        <source>structure of the file</source>
        <translation>Aufbau der Datei</translation>
    </message>
    <message>
        <source>log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf des Protokolls</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>evidence and pictures</source>
        <translation>Asservate und Bilder</translation>
    </message>
    <message>
        <source>contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>log entry {0}</source>
        <translation>Protokolleintrag {0}</translation>
    </message>
    <message>
        <source>log {0}</source>
        <translation>Protokolleintrag {0}</translation>
    </message>
    <message>
        <source>head {0}</source>
        <translation>Kopf {0} des Protokolls</translation>
    </message>
    <message>
        <source>entry {0}</source>
        <translation>Eintrag {0}</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} bis {1}</translation>
    </message>
    <message>
        <source>blob {0}</source>
        <translation>Datei {0}</translation>
    </message>
    <message>
        <source>property {0}</source>
        <translation>Angabe {0}</translation>
    </message>
    <message>
        <source>evidence {0}</source>
        <translation>Asservat {0}</translation>
    </message>
    <message>
        <source>evidence {0} ({1})</source>
        <translation>Asservat {0} ({1})</translation>
    </message>
    <message>
        <source>Evidence {0} ({1})</source>
        <translation>Asservat {0} ({1})</translation>
    </message>
    <message>
        <source>photo {0}</source>
        <translation>Foto {0}</translation>
    </message>
    <message>
        <source>faces {0}</source>
        <translation>Gesichter {0}</translation>
    </message>
    <message>
        <source>faces of photo {0}</source>
        <translation>Gesichter von Foto {0}</translation>
    </message>
    <message>
        <source>map {0}</source>
        <translation>Karte {0}</translation>
    </message>
    <message>
        <source>Map {0}</source>
        <translation>Karte {0}</translation>
    </message>
    <message>
        <source>map_edit {0}</source>
        <translation>Kartenänderung {0}</translation>
    </message>
    <message>
        <source>map {0}, edit {1}</source>
        <translation>Karte {0}, Änderung {1}</translation>
    </message>
    <message>
        <source>Edit {0} of map {1}</source>
        <translation>Änderung {0} von Karte {1}</translation>
    </message>
    <message>
        <source>run {0}</source>
        <translation>Lauf {0}</translation>
    </message>
    <message>
        <source>run {0}, composite {1}</source>
        <translation>Lauf {0}, Montage {1}</translation>
    </message>
    <message>
        <source>run {0}, uncertainty {1}</source>
        <translation>Lauf {0}, Unsicherheit {1}</translation>
    </message>
    <message>
        <source>The composite {0} of run {1}</source>
        <translation>Die Montage {0} von Lauf {1}</translation>
    </message>
    <message>
        <source>The uncertainty {0} of run {1}</source>
        <translation>Die Unsicherheit {0} von Lauf {1}</translation>
    </message>
    <message>
        <source>output {0}</source>
        <translation>Bilddatei {0}</translation>
    </message>
    <message>
        <source>note {0}</source>
        <translation>Notiz {0}</translation>
    </message>
    <message>
        <source>review {0}</source>
        <translation>Zweitprüfung {0}</translation>
    </message>
    <message>
        <source>{0} log entries</source>
        <translation>Protokolleinträge {0}</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>Zeilen {0}</translation>
    </message>
    <message>
        <source>{0} blobs</source>
        <translation>Dateien {0}</translation>
    </message>
    <message>
        <source>{0} photos</source>
        <translation>Fotos {0}</translation>
    </message>
    <message>
        <source>{0} maps</source>
        <translation>Karten {0}</translation>
    </message>
    <message>
        <source>{0} runs</source>
        <translation>Läufe {0}</translation>
    </message>
    <message>
        <source>{0} reviews</source>
        <translation>Zweitprüfungen {0}</translation>
    </message>
    <message>
        <source>{0} log entry</source>
        <translation>Protokolleinträge {0}</translation>
    </message>
    <message>
        <source>{0} row</source>
        <translation>Zeilen {0}</translation>
    </message>
    <message>
        <source>{0} blob</source>
        <translation>Dateien {0}</translation>
    </message>
    <message>
        <source>{0} photo</source>
        <translation>Fotos {0}</translation>
    </message>
    <message>
        <source>{0} map</source>
        <translation>Karten {0}</translation>
    </message>
    <message>
        <source>{0} run</source>
        <translation>Läufe {0}</translation>
    </message>
    <message>
        <source>{0} review</source>
        <translation>Zweitprüfungen {0}</translation>
    </message>
    <message>
        <source>table {0}</source>
        <translation>Tabelle {0}</translation>
    </message>
    <message>
        <source>index {0}</source>
        <translation>Index {0}</translation>
    </message>
    <message>
        <source>trigger {0}</source>
        <translation>Trigger {0}</translation>
    </message>
    <message>
        <source>view {0}</source>
        <translation>Sicht {0}</translation>
    </message>
</context>
<context>
    <name>ProcessorPage</name>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Models run on</source>
        <translation>Modelle rechnen auf</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>Works on this computer.</source>
        <translation>Läuft auf diesem Rechner.</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message>
        <source>Runs are under way</source>
        <translation>Läufe im Gang</translation>
    </message>
    <message>
        <source>Not all reconstructions are done yet.</source>
        <translation>Noch sind nicht alle Rekonstruktionen fertig.</translation>
    </message>
    <message>
        <source>Closing stops them. Hypotheses that are there already stay.</source>
        <translation>Das Schließen bricht sie ab. Hypothesen, die schon da sind, bleiben.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Abbrechen und schließen</translation>
    </message>
</context>
<context>
    <name>QueueRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Fortschritt von {0}</translation>
    </message>
    <message>
        <source>Dismiss {0}</source>
        <translation>{0} ausblenden</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>{0} abbrechen</translation>
    </message>
    <message>
        <source>failed: {0}</source>
        <translation>gescheitert: {0}</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>wird angehalten…</translation>
    </message>
    <message>
        <source>{0} hypotheses · seed {1}</source>
        <translation>{0} Hypothesen · Startwert {1}</translation>
    </message>
    <message>
        <source>1 hypothesis · seed {0}</source>
        <translation>1 Hypothese · Startwert {0}</translation>
    </message>
    <message>
        <source>waiting · {0} · {1}</source>
        <translation>wartet · {0} · {1}</translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation>noch etwa {0}</translation>
    </message>
</context>
<context>
    <name>RecentCases</name>
    <message>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
</context>
<context>
    <name>ReconstructPanel</name>
    <message>
        <source>Reconstruct</source>
        <translation>Rekonstruieren</translation>
    </message>
    <message>
        <source>Number of hypotheses</source>
        <translation>Anzahl der Hypothesen</translation>
    </message>
    <message>
        <source>How many each model makes; three or more show how uncertain they are</source>
        <translation>Wie viele jedes Modell bildet; drei oder mehr zeigen, wie unsicher sie sind</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed gives the same hypotheses</source>
        <translation>Derselbe Startwert gibt dieselben Hypothesen</translation>
    </message>
    <message>
        <source>Looking for processors…</source>
        <translation>Prozessoren werden gesucht…</translation>
    </message>
    <message>
        <source>Hypotheses</source>
        <translation>Hypothesen</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>No reconstruction model is installed. Put a model&apos;s folder into {0}.</source>
        <translation>Kein Rekonstruktionsmodell ist installiert. Legen Sie den Ordner eines Modells in {0}.</translation>
    </message>
    <message>
        <source>{0} of {1} models</source>
        <translation>{0} von {1} Modellen</translation>
    </message>
    <message>
        <source>What is chosen has one answer only and makes one hypothesis.</source>
        <translation>Das Gewählte hat nur eine Antwort und bildet eine Hypothese.</translation>
    </message>
    <message>
        <source>One hypothesis only: {0}.</source>
        <translation>Nur eine Hypothese: {0}.</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Vorige</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Nächste</translation>
    </message>
    <message>
        <source>Draft: not reviewed by a second person</source>
        <translation>Entwurf: von keiner zweiten Person geprüft</translation>
    </message>
    <message>
        <source>Final: reviewed by a second person</source>
        <translation>Endfassung: von einer zweiten Person geprüft</translation>
    </message>
    <message>
        <source>Save PDF and JSON…</source>
        <translation>PDF und JSON speichern…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Page {0} of {1}</source>
        <translation>Seite {0} von {1}</translation>
    </message>
    <message>
        <source>Folder for the report</source>
        <translation>Ordner für den Bericht</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>Show report…</source>
        <translation>Bericht zeigen…</translation>
    </message>
    <message>
        <source>Make the report and look at its pages</source>
        <translation>Erstellt den Bericht und zeigt seine Seiten</translation>
    </message>
    <message>
        <source>Seal package…</source>
        <translation>Paket versiegeln…</translation>
    </message>
    <message>
        <source>Originals, outputs, report and log in one ZIP, checked without the case</source>
        <translation>Originale, Ausgaben, Bericht und Protokoll in einem ZIP, prüfbar ohne den Fall</translation>
    </message>
    <message>
        <source>Record a review…</source>
        <translation>Zweitprüfung eintragen…</translation>
    </message>
    <message>
        <source>By a second person who did not work on the case</source>
        <translation>Durch eine zweite Person, die an dem Fall nicht gearbeitet hat</translation>
    </message>
    <message>
        <source>Reviews</source>
        <translation>Zweitprüfungen</translation>
    </message>
    <message>
        <source>Final</source>
        <translation>Endfassung</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>Log up to entry {0}</source>
        <translation>Protokoll bis Eintrag {0}</translation>
    </message>
    <message>
        <source>Making the report</source>
        <translation>Bericht wird erstellt</translation>
    </message>
    <message>
        <source>Saving the report</source>
        <translation>Bericht wird gespeichert</translation>
    </message>
    <message>
        <source>Seal package</source>
        <translation>Paket versiegeln</translation>
    </message>
    <message>
        <source>Packages (*.zip)</source>
        <translation>Pakete (*.zip)</translation>
    </message>
    <message>
        <source>Sealing the package</source>
        <translation>Paket wird versiegelt</translation>
    </message>
    <message>
        <source>{0} files sealed in {1}; its SHA-256 is {2}.</source>
        <translation>{0} Dateien in {1} versiegelt; der SHA-256 ist {2}.</translation>
    </message>
</context>
<context>
    <name>ResultRow</name>
    <message>
        <source>Compare and export {0}, {1}</source>
        <translation>{0}, {1} vergleichen und exportieren</translation>
    </message>
    <message>
        <source>Show in the comparison and offer for export</source>
        <translation>Im Vergleich zeigen und zum Export anbieten</translation>
    </message>
    <message>
        <source>{0} of {1} · seed {2} · {3} · {4} s</source>
        <translation>{0}/{1} · Startwert {2} · {3} · {4} s</translation>
    </message>
    <message>
        <source>Remove this hypothesis</source>
        <translation>Diese Hypothese entfernen</translation>
    </message>
    <message>
        <source>Remove {0}, {1}</source>
        <translation>{0}, {1} entfernen</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>Hypotheses</source>
        <translation>Hypothesen</translation>
    </message>
    <message>
        <source>None yet. Each is one possible face under the mask, not the face.</source>
        <translation>Noch keine. Jede ist ein mögliches Gesicht unter der Maske, nicht das Gesicht.</translation>
    </message>
    <message>
        <source>{0} of {1} shown</source>
        <translation>{0} von {1} gezeigt</translation>
    </message>
</context>
<context>
    <name>ReviewDialog</name>
    <message>
        <source>Second-person review</source>
        <translation>Prüfung durch eine zweite Person</translation>
    </message>
    <message>
        <source>Someone who did not work on this case looks at every step and records the outcome. Until then a report is a draft.</source>
        <translation>Jemand, der an diesem Fall nicht gearbeitet hat, sieht jeden Schritt durch und trägt das Ergebnis ein. Bis dahin ist ein Bericht ein Entwurf.</translation>
    </message>
    <message>
        <source>Record the review</source>
        <translation>Prüfung eintragen</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>Zweitprüfer/in</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <source>The examiner cannot review; a second person must.</source>
        <translation>Wer untersucht hat, kann nicht selbst prüfen; das muss eine zweite Person tun.</translation>
    </message>
    <message>
        <source>A case is returned with a reason; write what has to be done.</source>
        <translation>Ein Fall wird mit Begründung zurückgegeben; schreiben Sie, was zu tun ist.</translation>
    </message>
    <message>
        <source>Accepted as it stands</source>
        <translation>Angenommen, wie er ist</translation>
    </message>
    <message>
        <source>Returned to the examiner</source>
        <translation>Zurückgegeben</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>Einreihen</translation>
    </message>
    <message>
        <source>Reconstruct</source>
        <translation>Rekonstruieren</translation>
    </message>
    <message>
        <source>1 run</source>
        <translation>1 Lauf</translation>
    </message>
    <message>
        <source>{0} runs</source>
        <translation>{0} Läufe</translation>
    </message>
    <message>
        <source>{0} · about {1} left</source>
        <translation>{0} · noch etwa {1}</translation>
    </message>
    <message>
        <source>{0} · at least {1} left</source>
        <translation>{0} · noch mindestens {1}</translation>
    </message>
    <message>
        <source>{0} · time not known yet</source>
        <translation>{0} · Dauer offen</translation>
    </message>
    <message>
        <source>A reconstruction needs a face.</source>
        <translation>Eine Rekonstruktion braucht ein Gesicht.</translation>
    </message>
    <message>
        <source>The map is empty. Paint it over the mask with the brush ({0}).</source>
        <translation>Die Karte ist leer. Malen Sie sie mit dem Pinsel ({0}) über die Maske.</translation>
    </message>
    <message>
        <source>Tick at least one model.</source>
        <translation>Haken Sie mindestens ein Modell an.</translation>
    </message>
</context>
<context>
    <name>Runs</name>
    <message>
        <source>Preparing</source>
        <translation>Vorbereitung</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten…</translation>
    </message>
    <message>
        <source>Reconstructing</source>
        <translation>Rekonstruktion läuft</translation>
    </message>
    <message>
        <source>{0}: nothing has changed since this run, so its {1} hypotheses came from the cache.</source>
        <translation>{0}: seit diesem Lauf hat sich nichts geändert, seine {1} Hypothesen kamen aus dem Zwischenspeicher.</translation>
    </message>
    <message>
        <source>{0}: nothing has changed since this run, so its hypothesis came from the cache.</source>
        <translation>{0}: seit diesem Lauf hat sich nichts geändert, seine Hypothese kam aus dem Zwischenspeicher.</translation>
    </message>
    <message>
        <source>{0} pixels of the map lie beyond what {1} sees of a face; they keep the photo&apos;s own pixels.</source>
        <translation>{0} Bildpunkte der Karte liegen außerhalb dessen, was {1} von einem Gesicht sieht; sie behalten die Bildpunkte des Fotos.</translation>
    </message>
</context>
<context>
    <name>RunsModel</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Hypotheses</source>
        <translation>Hypothesen</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Reproduced</source>
        <translation>Reproduziert</translation>
    </message>
</context>
<context>
    <name>SavedLabel</name>
    <message>
        <source>Saving</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>Nur lesen</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
</context>
<context>
    <name>SavingPage</name>
    <message>
        <source>Saving and recovery</source>
        <translation>Sicherung</translation>
    </message>
    <message>
        <source>A case is saved as it happens: every stroke, run and note is in its file a moment later, and the last five working sessions stay beside it as backups.</source>
        <translation>Ein Fall wird gespeichert, wie es geschieht: jeder Strich, Lauf und jede Notiz steht einen Augenblick später in seiner Datei, und die letzten fünf Sitzungen bleiben daneben als Sicherung.</translation>
    </message>
    <message>
        <source>Keep a recovery file while no case is open</source>
        <translation>Wiederherstellungsdatei führen, solange kein Fall offen ist</translation>
    </message>
    <message>
        <source>After a crash it brings photos, faces and maps back. It names photos and never copies them; it lies in {0} and is removed when the window closes. A change holds from the next start on.</source>
        <translation>Nach einem Absturz bringt sie Fotos, Gesichter und Karten zurück. Sie nennt Fotos und kopiert sie nie; sie liegt in {0} und wird beim Schließen des Fensters entfernt. Eine Änderung gilt vom nächsten Start an.</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>The stream {0} broke off ({1}).</source>
        <translation>Der Stream {0} ist abgerissen ({1}).</translation>
    </message>
    <message>
        <source>The stream {0} gave nothing for {1} seconds.</source>
        <translation>Vom Stream {0} kam {1} Sekunden lang nichts.</translation>
    </message>
    <message>
        <source>The stream {0} gave no answer within {1} seconds; check the address and the network.</source>
        <translation>Der Stream {0} hat innerhalb von {1} Sekunden nicht geantwortet; prüfen Sie Adresse und Netzwerk.</translation>
    </message>
    <message>
        <source>The stream {0} could not be opened ({1}); check the address and the network.</source>
        <translation>Der Stream {0} konnte nicht geöffnet werden ({1}); prüfen Sie Adresse und Netzwerk.</translation>
    </message>
    <message>
        <source>{0} sends no more frames.</source>
        <translation>{0} sendet keine Einzelbilder mehr.</translation>
    </message>
    <message>
        <source>{0} holds no video; choose another.</source>
        <translation>{0} enthält kein Video; wählen Sie eine andere Quelle.</translation>
    </message>
    <message>
        <source>{0} is a folder; choose a video.</source>
        <translation>{0} ist ein Ordner; wählen Sie ein Video.</translation>
    </message>
    <message>
        <source>{0} could not be opened as a video ({1}); copy it again, or choose another.</source>
        <translation>{0} konnte nicht als Video geöffnet werden ({1}); kopieren Sie die Datei noch einmal oder wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>No frame of {0} could be decoded.</source>
        <translation>Kein Einzelbild von {0} konnte dekodiert werden.</translation>
    </message>
    <message>
        <source>No frame of {0} could be decoded; copy it again.</source>
        <translation>Kein Einzelbild von {0} konnte dekodiert werden; kopieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>No frame of {0} could be decoded; if it is a file, download it and give that.</source>
        <translation>Kein Einzelbild von {0} konnte dekodiert werden; wenn es eine Datei ist, laden Sie sie herunter und öffnen Sie diese.</translation>
    </message>
    <message>
        <source>The stream {0} broke off ({1}); if it is a file, download it and give that.</source>
        <translation>Der Stream {0} ist abgerissen ({1}); wenn es eine Datei ist, laden Sie sie herunter und öffnen Sie diese.</translation>
    </message>
    <message>
        <source>The stream {0} gave nothing for {1} seconds; if it is a file, download it and give that.</source>
        <translation>Vom Stream {0} kam {1} Sekunden lang nichts; wenn es eine Datei ist, laden Sie sie herunter und öffnen Sie diese.</translation>
    </message>
    <message>
        <source>There is no camera {0}; none is connected.</source>
        <translation>Es gibt keine Kamera {0}; keine ist angeschlossen.</translation>
    </message>
    <message>
        <source>There is no camera {0}; connected are: {1}.</source>
        <translation>Es gibt keine Kamera {0}; angeschlossen sind: {1}.</translation>
    </message>
    <message>
        <source>The camera {0} broke off ({1}).</source>
        <translation>Die Kamera {0} ist abgerissen ({1}).</translation>
    </message>
    <message>
        <source>The camera {0} gave nothing for {1} seconds.</source>
        <translation>Von der Kamera {0} kam {1} Sekunden lang nichts.</translation>
    </message>
    <message>
        <source>The camera {0} may not be used by this user; ask for the right to.</source>
        <translation>Die Kamera {0} darf von diesem Benutzerkonto nicht verwendet werden; lassen Sie sich das Recht dazu geben.</translation>
    </message>
    <message>
        <source>The camera {0} gives no picture ({1}); see that it is connected and that no other program uses it.</source>
        <translation>Die Kamera {0} liefert kein Bild ({1}); prüfen Sie, ob sie angeschlossen ist und kein anderes Programm sie verwendet.</translation>
    </message>
    <message>
        <source>{0} could not be read any more ({1}); connect its drive again.</source>
        <translation>{0} konnte nicht mehr gelesen werden ({1}); schließen Sie das Laufwerk wieder an.</translation>
    </message>
    <message>
        <source>No NVIDIA driver was found on this machine.</source>
        <translation>Auf diesem Rechner wurde kein NVIDIA-Treiber gefunden.</translation>
    </message>
    <message>
        <source>This installation of ONNX Runtime has no {0}; install onnxruntime-gpu for it.</source>
        <translation>Dieser Installation von ONNX Runtime fehlt {0}; installieren Sie dafür onnxruntime-gpu.</translation>
    </message>
    <message>
        <source>This installation of ONNX Runtime has no {0}; onnxruntime-gpu has it, on machines with an NVIDIA GPU.</source>
        <translation>Dieser Installation von ONNX Runtime fehlt {0}; onnxruntime-gpu hat es, auf Rechnern mit NVIDIA-GPU.</translation>
    </message>
    <message>
        <source>This installation of ONNX Runtime has no {0}; onnxruntime-directml has it, on Windows only.</source>
        <translation>Dieser Installation von ONNX Runtime fehlt {0}; onnxruntime-directml hat es, nur unter Windows.</translation>
    </message>
    <message>
        <source>This installation of ONNX Runtime has no {0}; onnxruntime has it, on macOS only.</source>
        <translation>Dieser Installation von ONNX Runtime fehlt {0}; onnxruntime hat es, nur unter macOS.</translation>
    </message>
    <message>
        <source>TensorRT needs CUDA: {0}</source>
        <translation>TensorRT braucht CUDA: {0}</translation>
    </message>
    <message>
        <source>{0} did not start; it needs TensorRT&apos;s libraries.</source>
        <translation>{0} ließ sich nicht starten; es braucht die Bibliotheken von TensorRT.</translation>
    </message>
    <message>
        <source>{0} did not start; it needs a GPU.</source>
        <translation>{0} ließ sich nicht starten; es braucht eine GPU.</translation>
    </message>
    <message>
        <source>CUDA did not start; it needs an NVIDIA GPU, CUDA and cuDNN as onnxruntime-gpu[cuda,cudnn] installs them.</source>
        <translation>CUDA ließ sich nicht starten; es braucht eine NVIDIA-GPU, CUDA und cuDNN, wie onnxruntime-gpu[cuda,cudnn] sie installiert.</translation>
    </message>
    <message>
        <source>Revisage does not use it.</source>
        <translation>Revisage nutzt es nicht.</translation>
    </message>
    <message>
        <source>{0} has one answer only; {1} hypotheses were asked for.</source>
        <translation>{0} hat nur eine Antwort; {1} Hypothesen waren verlangt.</translation>
    </message>
    <message>
        <source>{0} gave {1} different hypotheses of the {2} asked for.</source>
        <translation>{0} gab {1} verschiedene Hypothesen von {2} verlangten.</translation>
    </message>
    <message>
        <source>{0} failed unexpectedly ({1}); the details help to report it.</source>
        <translation>{0}: unerwarteter Fehler ({1}); die Einzelheiten helfen, ihn zu melden.</translation>
    </message>
    <message>
        <source>{0} was not found; check its name and folder.</source>
        <translation>{0} wurde nicht gefunden; prüfen Sie Namen und Ordner.</translation>
    </message>
    <message>
        <source>{0} is empty (zero bytes); copy it again from its source.</source>
        <translation>{0} ist leer (null Bytes); kopieren Sie es neu von seiner Quelle.</translation>
    </message>
    <message>
        <source>{0} is a folder; choose a photo in it.</source>
        <translation>{0} ist ein Ordner; wählen Sie ein Foto darin.</translation>
    </message>
    <message>
        <source>{0} is not a file; choose a photo.</source>
        <translation>{0} ist keine Datei; wählen Sie ein Foto.</translation>
    </message>
    <message>
        <source>{0} may not be read by this user; ask for the right to read it, or copy it.</source>
        <translation>{0} darf von diesem Benutzer nicht gelesen werden; lassen Sie sich das Recht geben oder kopieren Sie es.</translation>
    </message>
    <message>
        <source>{0} does not fit into this computer&apos;s memory; close other programs or reduce it first.</source>
        <translation>{0} passt nicht in den Speicher dieses Rechners; schließen Sie andere Programme oder verkleinern Sie es zuerst.</translation>
    </message>
    <message>
        <source>{0} does not fit into this computer&apos;s memory; close other programs first.</source>
        <translation>{0} passt nicht in den Speicher dieses Rechners; schließen Sie zuerst andere Programme.</translation>
    </message>
    <message>
        <source>{0} could not be read ({1}); check the drive it is on, or copy it again.</source>
        <translation>{0} konnte nicht gelesen werden ({1}); prüfen Sie das Laufwerk oder kopieren Sie es neu.</translation>
    </message>
    <message>
        <source>{0} has {1} GB, more than any photo that Revisage opens; choose another file.</source>
        <translation>{0} hat {1} GB, mehr als jedes Foto, das Revisage öffnet; wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{0} has {1} x {2} pixels, more than the {3} million that Revisage opens; cut or reduce it first.</source>
        <translation>{0} hat {1} x {2} Bildpunkte, mehr als die {3} Millionen, die Revisage öffnet; beschneiden oder verkleinern Sie es zuerst.</translation>
    </message>
    <message>
        <source>{0} is cut short: the end of the file is missing; copy it again from its source.</source>
        <translation>{0} ist abgeschnitten: das Ende der Datei fehlt; kopieren Sie es neu von seiner Quelle.</translation>
    </message>
    <message>
        <source>{0} is cut short: its lower part holds no picture; copy it again from its source.</source>
        <translation>{0} ist abgeschnitten: der untere Teil enthält kein Bild; kopieren Sie es neu von seiner Quelle.</translation>
    </message>
    <message>
        <source>{0} holds only zeros; copy it again from its source.</source>
        <translation>{0} enthält nur Nullen; kopieren Sie es neu von seiner Quelle.</translation>
    </message>
    <message>
        <source>{0} is damaged or cut short; copy it again from its source.</source>
        <translation>{0} ist beschädigt oder abgeschnitten; kopieren Sie es neu von seiner Quelle.</translation>
    </message>
    <message>
        <source>{0} is damaged: a checksum is wrong; copy it again from its source.</source>
        <translation>{0} ist beschädigt: eine Prüfsumme stimmt nicht; kopieren Sie es neu von seiner Quelle.</translation>
    </message>
    <message>
        <source>{0} is cut short, damaged or of an unusual kind; copy it again from its source, or save it as PNG or 8- or 16-bit TIFF.</source>
        <translation>{0} ist abgeschnitten, beschädigt oder ungewöhnlich; kopieren Sie es neu von seiner Quelle oder speichern Sie es als PNG oder TIFF mit 8 oder 16 Bit.</translation>
    </message>
    <message>
        <source>{0} holds {1} pixels; save it again with 8 or 16 bits per channel.</source>
        <translation>{0} hat Bildpunkte der Art {1}; speichern Sie es mit 8 oder 16 Bit je Kanal.</translation>
    </message>
    <message>
        <source>{0} is a kind of TIFF that cannot be read faithfully; save it again as grey, RGB or RGBA with 8 or 16 bits and interleaved channels.</source>
        <translation>{0} ist ein TIFF, das sich nicht getreu lesen lässt; speichern Sie es grau, als RGB oder RGBA mit 8 oder 16 Bit und verschränkten Kanälen.</translation>
    </message>
    <message>
        <source>{0} is not an image; choose a JPEG, PNG, TIFF, WebP or BMP photo.</source>
        <translation>{0} ist kein Bild; wählen Sie ein Foto in JPEG, PNG, TIFF, WebP oder BMP.</translation>
    </message>
    <message>
        <source>{0} is {1}, which Revisage does not read; convert it to PNG or TIFF.</source>
        <translation>{0} ist {1}, was Revisage nicht liest; wandeln Sie es in PNG oder TIFF um.</translation>
    </message>
    <message>
        <source>The map {0} has {1} x {2} pixels, but the photo has {3} x {4}; use the map made for this photo.</source>
        <translation>Die Karte {0} hat {1} x {2} Bildpunkte, das Foto aber {3} x {4}; nehmen Sie die Karte dieses Fotos.</translation>
    </message>
    <message>
        <source>The map was not read: {0}</source>
        <translation>Die Karte wurde nicht gelesen: {0}</translation>
    </message>
    <message>
        <source>There is no model named {0}; installed are: {1}.</source>
        <translation>Es gibt kein Modell namens {0}; installiert sind: {1}.</translation>
    </message>
    <message>
        <source>No {0} model is installed; add one to {1}.</source>
        <translation>Kein Modell der Stufe {0} ist installiert; legen Sie eines in {1}.</translation>
    </message>
    <message>
        <source>The model file {0} has {1} bytes, but its card says {2}; install the model {3} again.</source>
        <translation>Die Modelldatei {0} hat {1} Bytes, ihr Datenblatt nennt {2}; installieren Sie das Modell {3} neu.</translation>
    </message>
    <message>
        <source>The model file {0} is not the one that its card describes (SHA-256 differs); install the model {1} again.</source>
        <translation>Die Modelldatei {0} ist nicht die, die ihr Datenblatt beschreibt (SHA-256 weicht ab); installieren Sie das Modell {1} neu.</translation>
    </message>
    <message>
        <source>The model file {0} could not be read ({1}); install the model {2} again.</source>
        <translation>Die Modelldatei {0} konnte nicht gelesen werden ({1}); installieren Sie das Modell {2} neu.</translation>
    </message>
    <message>
        <source>The model file {0} is not a usable ONNX file ({1}); install the model {2} again.</source>
        <translation>Die Modelldatei {0} ist keine brauchbare ONNX-Datei ({1}); installieren Sie das Modell {2} neu.</translation>
    </message>
    <message>
        <source>The model {0} could not be run ({1}); try again with less memory in use, or use another model.</source>
        <translation>Das Modell {0} lief nicht ({1}); versuchen Sie es mit mehr freiem Speicher oder einem anderen Modell.</translation>
    </message>
    <message>
        <source>The model {0} gave a &apos;{1}&apos; with values that are no numbers; use another model, and install this one again.</source>
        <translation>Das Modell {0} gab für &apos;{1}&apos; Werte, die keine Zahlen sind; nehmen Sie ein anderes Modell und installieren Sie dieses neu.</translation>
    </message>
    <message>
        <source>{0} is a picture that Revisage made and no photo; what is made of it tells nothing of whoever is in it, so take the original photo.</source>
        <translation>{0} ist ein Bild, das Revisage gemacht hat, und kein Foto; was daraus entsteht, sagt nichts über die abgebildete Person, nehmen Sie daher das Originalfoto.</translation>
    </message>
    <message>
        <source>{0} holds {1} pictures, of which only the first is used; save the others as files of their own.</source>
        <translation>{0} enthält {1} Bilder, von denen nur das erste verwendet wird; speichern Sie die anderen als eigene Dateien.</translation>
    </message>
    <message>
        <source>{0} is a video that Revisage made and no recording; what is made of it tells nothing of whoever is in it, so take the original video.</source>
        <translation>{0} ist ein Video, das Revisage gemacht hat, und keine Aufnahme; was daraus entsteht, sagt nichts über die abgebildete Person, nehmen Sie daher das Originalvideo.</translation>
    </message>
    <message>
        <source>{0} was not written because the disk is full; free some space and export again.</source>
        <translation>{0} wurde nicht geschrieben, weil der Datenträger voll ist; schaffen Sie Platz und exportieren Sie erneut.</translation>
    </message>
    <message>
        <source>{0} was not written because {1} is read-only for you; choose another folder.</source>
        <translation>{0} wurde nicht geschrieben, weil Sie in {1} nicht schreiben dürfen; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} was not written because {1} is no folder; choose another folder.</source>
        <translation>{0} wurde nicht geschrieben, weil {1} kein Ordner ist; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} was not written because its name is too long; shorten the photo&apos;s name.</source>
        <translation>{0} wurde nicht geschrieben, weil der Name zu lang ist; kürzen Sie den Namen des Fotos.</translation>
    </message>
    <message>
        <source>{0} was not written ({1}); choose another folder and try again.</source>
        <translation>{0} wurde nicht geschrieben ({1}); wählen Sie einen anderen Ordner und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>{0} exists already and was not replaced; allow replacing (--force) or choose another folder.</source>
        <translation>{0} gibt es schon und wurde nicht ersetzt; erlauben Sie das Ersetzen oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} is a source photo and is never replaced; choose another folder.</source>
        <translation>{0} ist ein Quellfoto und wird nie ersetzt; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} is a file, not a folder; choose a folder.</source>
        <translation>{0} ist eine Datei und kein Ordner; wählen Sie einen Ordner.</translation>
    </message>
    <message>
        <source>{0} cannot be exported: {1}</source>
        <translation>{0} kann nicht exportiert werden: {1}</translation>
    </message>
    <message>
        <source>{0} does not hold what was written to it; check the drive and export again.</source>
        <translation>{0} enthält nicht, was geschrieben wurde; prüfen Sie das Laufwerk und exportieren Sie erneut.</translation>
    </message>
    <message>
        <source>Content credentials were not added, because the package c2pa-python is not installed on this computer.</source>
        <translation>Inhaltsnachweise wurden nicht hinzugefügt, weil das Paket c2pa-python auf diesem Rechner nicht installiert ist.</translation>
    </message>
    <message>
        <source>The signing certificate {0} is missing; name another in the settings, or make one with `revisage credentials new`.</source>
        <translation>Das Zertifikat {0} fehlt; nennen Sie in den Einstellungen ein anderes oder erzeugen Sie dort eines.</translation>
    </message>
    <message>
        <source>The signing key {0} is missing; name another in the settings, or make one with `revisage credentials new`.</source>
        <translation>Der Schlüssel {0} fehlt; nennen Sie in den Einstellungen einen anderen oder erzeugen Sie dort einen.</translation>
    </message>
    <message>
        <source>The name of the organisation must have 1 to 64 characters; give a shorter one.</source>
        <translation>Der Name der Organisation muss 1 bis 64 Zeichen haben; geben Sie einen kürzeren an.</translation>
    </message>
    <message>
        <source>{0} is no case file, or its first bytes are damaged.</source>
        <translation>{0} ist keine Falldatei, oder ihre ersten Bytes sind beschädigt.</translation>
    </message>
    <message>
        <source>{0} is empty (zero bytes); restore it from a copy or a backup.</source>
        <translation>{0} ist leer (null Bytes); stellen Sie es aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} is cut short; restore it from a copy or a backup.</source>
        <translation>{0} ist abgeschnitten; stellen Sie es aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} is a folder; choose a case file (.rvcase).</source>
        <translation>{0} ist ein Ordner; wählen Sie eine Falldatei (.rvcase).</translation>
    </message>
    <message>
        <source>{0} exists already and was not replaced; choose another name.</source>
        <translation>{0} gibt es schon und wurde nicht ersetzt; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{0} was not written ({1}); try another folder.</source>
        <translation>{0} wurde nicht geschrieben ({1}); versuchen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>No second person has reviewed this case yet.</source>
        <translation>Noch keine zweite Person hat diesen Fall geprüft.</translation>
    </message>
    <message>
        <source>{0} returned the case to the examiner.</source>
        <translation>{0} hat den Fall zurückgegeben.</translation>
    </message>
    <message>
        <source>{0} worked on this case; a second person must review it.</source>
        <translation>{0} hat an diesem Fall gearbeitet; eine zweite Person muss ihn prüfen.</translation>
    </message>
    <message>
        <source>Composite (PNG)</source>
        <translation>Montage (PNG)</translation>
    </message>
    <message>
        <source>Composite (TIFF, 8 or 16 bits)</source>
        <translation>Montage (TIFF, 8 oder 16 Bit)</translation>
    </message>
    <message>
        <source>Composite (JPEG, with loss)</source>
        <translation>Montage (JPEG, mit Verlust)</translation>
    </message>
    <message>
        <source>Face (PNG)</source>
        <translation>Gesicht (PNG)</translation>
    </message>
    <message>
        <source>Sketch (PNG)</source>
        <translation>Skizze (PNG)</translation>
    </message>
    <message>
        <source>Sketch (SVG outlines)</source>
        <translation>Skizze (SVG-Umrisse)</translation>
    </message>
    <message>
        <source>Sketch (PDF for print)</source>
        <translation>Skizze (PDF zum Drucken)</translation>
    </message>
    <message>
        <source>Comparison sheet (PDF)</source>
        <translation>Vergleichsblatt (PDF)</translation>
    </message>
    <message>
        <source>Comparison sheet (PNG)</source>
        <translation>Vergleichsblatt (PNG)</translation>
    </message>
    <message>
        <source>Uncertainty (PNG)</source>
        <translation>Unsicherheit (PNG)</translation>
    </message>
    <message>
        <source>Map (PNG)</source>
        <translation>Karte (PNG)</translation>
    </message>
    <message>
        <source>Where the photo was taken</source>
        <translation>Aufnahmeort</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Farbtiefe</translation>
    </message>
    <message>
        <source>As the photo</source>
        <translation>Wie das Foto</translation>
    </message>
    <message>
        <source>16 bits per channel</source>
        <translation>16 Bit je Kanal</translation>
    </message>
    <message>
        <source>Beside the hypothesis</source>
        <translation>Neben der Hypothese</translation>
    </message>
    <message>
        <source>Photo and map</source>
        <translation>Foto und Karte</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Papier</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Each face</source>
        <translation>Jedes Gesicht</translation>
    </message>
    <message>
        <source>Whole photo</source>
        <translation>Ganzes Foto</translation>
    </message>
    <message>
        <source>Show as</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Colours over the photo, with a legend</source>
        <translation>Farben über dem Foto, mit Legende</translation>
    </message>
    <message>
        <source>Values 0 to 255, for other programs</source>
        <translation>Werte 0 bis 255, für andere Programme</translation>
    </message>
    <message>
        <source>{0} is a database of another program, or its first bytes are damaged.</source>
        <translation>{0} ist eine Datenbank eines anderen Programms, oder die ersten Bytes sind beschädigt.</translation>
    </message>
    <message>
        <source>{0} was made by a later version of Revisage (format {1}, this one reads up to {2}); open it with that version.</source>
        <translation>{0} stammt von einer neueren Version von Revisage (Format {1}, diese liest bis {2}); öffnen Sie die Datei mit jener Version.</translation>
    </message>
    <message>
        <source>{0} has no format number; restore it from a copy or a backup.</source>
        <translation>{0} hat keine Formatnummer; stellen Sie die Datei aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} could not be read ({1}).</source>
        <translation>{0} konnte nicht gelesen werden ({1}).</translation>
    </message>
    <message>
        <source>{0} was copied while it was open, without the file {1}-wal that holds the last changes; copy both, or close the case and copy it again.</source>
        <translation>{0} wurde in geöffnetem Zustand kopiert, ohne die Datei {1}-wal mit den letzten Änderungen; kopieren Sie beide, oder schließen Sie den Fall und kopieren Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>{0} is cut short ({1} of {2} bytes); restore it from a copy or a backup.</source>
        <translation>{0} ist abgeschnitten ({1} von {2} Bytes); stellen Sie die Datei aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} has {1} bytes after its end that do not belong to it; restore it from a copy or a backup.</source>
        <translation>{0} hat nach dem Ende {1} Bytes, die nicht dazugehören; stellen Sie die Datei aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} was not changed because the disk is full; free some space and try again.</source>
        <translation>{0} wurde nicht geändert, weil der Datenträger voll ist; schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{0} was not changed because its drive reported an error ({1}); check the drive and its free space.</source>
        <translation>{0} wurde nicht geändert, weil das Laufwerk einen Fehler meldete ({1}); prüfen Sie das Laufwerk und den freien Platz.</translation>
    </message>
    <message>
        <source>{0} was moved, replaced or deleted while it was open, so nothing more was saved; put it back and try again, or save the case under another name.</source>
        <translation>{0} wurde verschoben, ersetzt oder gelöscht, während der Fall offen war, daher wurde nichts mehr gespeichert; legen Sie die Datei zurück und versuchen Sie es erneut, oder speichern Sie den Fall unter einem anderen Namen.</translation>
    </message>
    <message>
        <source>{0} is in use by another program; close that and try again.</source>
        <translation>{0} wird von einem anderen Programm benutzt; schließen Sie es und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{0} cannot be opened in this folder ({1}); copy it, with the files whose names begin like it, to a folder that you may write.</source>
        <translation>{0} lässt sich in diesem Ordner nicht öffnen ({1}); kopieren Sie die Datei, mit den Dateien, deren Namen ebenso beginnen, in einen Ordner, in den Sie schreiben dürfen.</translation>
    </message>
    <message>
        <source>{0} refused a change that is not allowed ({1}).</source>
        <translation>{0} hat eine unerlaubte Änderung abgelehnt ({1}).</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}); see `revisage case verify`, and restore it from a copy or a backup.</source>
        <translation>{0} ist beschädigt ({1}); siehe `revisage case verify`, und stellen Sie die Datei aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} is closed; open it again.</source>
        <translation>{0} ist geschlossen; öffnen Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>{0} was opened for reading only.</source>
        <translation>{0} wurde nur zum Lesen geöffnet.</translation>
    </message>
    <message>
        <source>{0} can only be read: {1}</source>
        <translation>{0} kann nur gelesen werden: {1}</translation>
    </message>
    <message>
        <source>{0} is being written {1}; it can only be read until that is closed.</source>
        <translation>{0} wird gerade beschrieben, {1}; bis das geschlossen wird, kann die Datei nur gelesen werden.</translation>
    </message>
    <message>
        <source>by another process</source>
        <translation>von einem anderen Prozess</translation>
    </message>
    <message>
        <source>by {0} on {1}, process {2}, since {3}</source>
        <translation>von {0} auf {1}, Prozess {2}, seit {3}</translation>
    </message>
    <message>
        <source>Saving failed unexpectedly ({0}); the details help to report it.</source>
        <translation>Das Speichern ist unerwartet gescheitert ({0}); die Einzelheiten helfen, es zu melden.</translation>
    </message>
    <message>
        <source>The {0} is missing.</source>
        <translation>{0} fehlt.</translation>
    </message>
    <message>
        <source>The {0} is not as Revisage makes it.</source>
        <translation>{0} ist nicht so, wie Revisage es anlegt.</translation>
    </message>
    <message>
        <source>The {0} does not belong in a case.</source>
        <translation>{0} gehört nicht in einen Fall.</translation>
    </message>
    <message>
        <source>SQLite finds: {0}.</source>
        <translation>SQLite meldet: {0}.</translation>
    </message>
    <message>
        <source>It refers to a row of {0} that is not there.</source>
        <translation>Verweist auf eine Zeile, die es nicht gibt (Tabelle {0}).</translation>
    </message>
    <message>
        <source>It cannot be read: {0}.</source>
        <translation>Nicht lesbar: {0}.</translation>
    </message>
    <message>
        <source>It cannot be read: it holds text that is none.</source>
        <translation>Nicht lesbar: Als Text steht etwas darin, das keiner ist.</translation>
    </message>
    <message>
        <source>it holds text that is none</source>
        <translation>als Text steht etwas darin, das keiner ist</translation>
    </message>
    <message>
        <source>Further problems: {0}.</source>
        <translation>Weitere Mängel: {0}.</translation>
    </message>
    <message>
        <source>It has more text than any log that Revisage writes.</source>
        <translation>Hat mehr Text als jedes Protokoll, das Revisage schreibt.</translation>
    </message>
    <message>
        <source>Before it the log lacks {0}.</source>
        <translation>Davor fehlt im Protokoll: {0}.</translation>
    </message>
    <message>
        <source>Its text was changed: it does not have its SHA-256.</source>
        <translation>Der Text wurde geändert: Er hat nicht seinen SHA-256.</translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation>es ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>the field {0} is missing or wrong</source>
        <translation>das Feld {0} fehlt oder ist falsch</translation>
    </message>
    <message>
        <source>It was moved: it says that it is entry {0}.</source>
        <translation>Wurde verschoben: Nach eigener Angabe ist es Eintrag {0}.</translation>
    </message>
    <message>
        <source>The chain breaks here: it does not follow the entry before it.</source>
        <translation>Die Kette bricht hier: Der Eintrag schließt nicht an den vorigen an.</translation>
    </message>
    <message>
        <source>It claims {0}, which it cannot.</source>
        <translation>Führt zu Unrecht auf: {0}.</translation>
    </message>
    <message>
        <source>The head of the log cannot be read: {0}.</source>
        <translation>Der Kopf des Protokolls ist nicht lesbar: {0}.</translation>
    </message>
    <message>
        <source>the head of the log is missing</source>
        <translation>der Kopf des Protokolls fehlt</translation>
    </message>
    <message>
        <source>Its end is missing: {0} of {1} entries are left.</source>
        <translation>Das Ende fehlt: {0} von {1} Einträgen sind übrig.</translation>
    </message>
    <message>
        <source>The head of the log is not its last entry.</source>
        <translation>Der Kopf des Protokolls ist nicht dessen letzter Eintrag.</translation>
    </message>
    <message>
        <source>It has no entry with the hash {0}: it was rewritten or cut.</source>
        <translation>Hat keinen Eintrag mit dem Hashwert {0}: Es wurde neu geschrieben oder gekürzt.</translation>
    </message>
    <message>
        <source>No log entry tells of it.</source>
        <translation>Kein Eintrag im Protokoll berichtet davon.</translation>
    </message>
    <message>
        <source>It holds a value of a kind that it cannot have.</source>
        <translation>Enthält einen Wert von einer Art, die hier nicht vorkommt.</translation>
    </message>
    <message>
        <source>It was changed after it was saved.</source>
        <translation>Wurde nach dem Speichern geändert.</translation>
    </message>
    <message>
        <source>It is missing, although the log tells of it.</source>
        <translation>Fehlt, obwohl das Protokoll davon berichtet.</translation>
    </message>
    <message>
        <source>Nothing refers to it.</source>
        <translation>Nichts verweist darauf.</translation>
    </message>
    <message>
        <source>Its bytes are missing.</source>
        <translation>Die Bytes fehlen.</translation>
    </message>
    <message>
        <source>It has {0} bytes, but {1} were recorded.</source>
        <translation>Hat {0} Bytes, festgehalten wurden {1}.</translation>
    </message>
    <message>
        <source>Its bytes were changed: they do not have the SHA-256 that was recorded.</source>
        <translation>Die Bytes wurden geändert: Sie haben nicht den festgehaltenen SHA-256.</translation>
    </message>
    <message>
        <source>{0} has no {1}; see `revisage case list`.</source>
        <translation>In {0} gibt es das nicht: {1}; siehe `revisage case list`.</translation>
    </message>
    <message>
        <source>{0} is missing from {1}; restore it from a copy or a backup.</source>
        <translation>{0} fehlt in {1}; stellen Sie den Fall aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>{0} in {1} was changed: it does not have the SHA-256 it was recorded with; restore the case from a copy or a backup.</source>
        <translation>{0} in {1} wurde geändert: Der festgehaltene SHA-256 ist ein anderer; stellen Sie den Fall aus einer Kopie oder Sicherung wieder her.</translation>
    </message>
    <message>
        <source>It has a size or depth that no photo has.</source>
        <translation>Hat eine Größe oder Farbtiefe, die kein Foto hat.</translation>
    </message>
    <message>
        <source>It does not have the size of photo {0}.</source>
        <translation>Hat nicht die Größe von Foto {0}.</translation>
    </message>
    <message>
        <source>It is not the picture that the result names.</source>
        <translation>Ist nicht das Bild, das das Ergebnis nennt.</translation>
    </message>
    <message>
        <source>It has a verdict that no review has.</source>
        <translation>Hat ein Ergebnis, das keine Zweitprüfung hat.</translation>
    </message>
    <message>
        <source>It is a review of a state that the log never had.</source>
        <translation>Prüft einen Stand, den das Protokoll nie hatte.</translation>
    </message>
    <message>
        <source>Its request names another photo than photo {0}.</source>
        <translation>Der Lauf nennt ein anderes Foto als Foto {0}.</translation>
    </message>
    <message>
        <source>Its request names another size than that of photo {0}.</source>
        <translation>Der Lauf nennt eine andere Größe als die von Foto {0}.</translation>
    </message>
    <message>
        <source>Map {0} is not a map of photo {1}.</source>
        <translation>Karte {0} ist keine Karte von Foto {1}.</translation>
    </message>
    <message>
        <source>Map {0} after {1} edits is not the one that its request names.</source>
        <translation>Karte {0} ist nach {1} Änderungen nicht die, die der Lauf nennt.</translation>
    </message>
    <message>
        <source>Map {0} claims more pixels than any photo; restore the case.</source>
        <translation>Karte {0} hat angeblich mehr Bildpunkte als jedes Foto; stellen Sie den Fall wieder her.</translation>
    </message>
    <message>
        <source>Map {0} is not the one that was saved; restore the case.</source>
        <translation>Karte {0} ist nicht die, die gespeichert wurde; stellen Sie den Fall wieder her.</translation>
    </message>
    <message>
        <source>Map {0} has {1} edits, not {2}.</source>
        <translation>Karte {0} hat {1} Änderungen, nicht {2}.</translation>
    </message>
    <message>
        <source>Edit {0} of map {1}: {2}</source>
        <translation>Änderung {0} von Karte {1}: {2}</translation>
    </message>
    <message>
        <source>This edit reaches to {0} x {1}, but the map has {2} x {3} pixels; clear the history when the photo changes.</source>
        <translation>Diese Änderung reicht bis {0} x {1}, die Karte hat aber {2} x {3} Bildpunkte; leeren Sie den Verlauf, wenn das Foto wechselt.</translation>
    </message>
    <message>
        <source>A map of {0} x {1} pixels is not possible; open a photo first.</source>
        <translation>Eine Karte von {0} x {1} Bildpunkten ist nicht möglich; öffnen Sie erst ein Foto.</translation>
    </message>
    <message>
        <source>A map edit has the rectangle {0}; restore the case from a copy.</source>
        <translation>Eine Änderung einer Karte hat das Rechteck {0}; stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>A packed map is damaged ({0}); restore the case from a copy.</source>
        <translation>Eine gepackte Karte ist beschädigt ({0}); stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>A packed map has the wrong size; restore the case from a copy.</source>
        <translation>Eine gepackte Karte hat die falsche Größe; stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>The faces {0} cannot be read; restore the case.</source>
        <translation>Die Gesichter {0} sind nicht lesbar; stellen Sie den Fall wieder her.</translation>
    </message>
    <message>
        <source>A list of models cannot be read; restore the case.</source>
        <translation>Eine Liste von Modellen ist nicht lesbar; stellen Sie den Fall wieder her.</translation>
    </message>
    <message>
        <source>A record of the kind {0} is damaged (field {1}: {2}); restore the case from a copy.</source>
        <translation>Ein Nachweis der Art {0} ist beschädigt (Feld {1}: {2}); stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>Run {0} has a result of another request; restore the case from a copy.</source>
        <translation>Lauf {0} hat das Ergebnis eines anderen Laufs; stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>Run {0} has no readable setup; restore the case.</source>
        <translation>Lauf {0} hat keine lesbare Umgebung; stellen Sie den Fall wieder her.</translation>
    </message>
    <message>
        <source>{0} cannot be decoded: {1}</source>
        <translation>{0} lässt sich nicht decodieren: {1}</translation>
    </message>
    <message>
        <source>{0} does not have the pixels that were recorded.</source>
        <translation>{0} hat nicht die festgehaltenen Bildpunkte.</translation>
    </message>
    <message>
        <source>Photo {0} has no evidence; restore the case from a copy.</source>
        <translation>Foto {0} hat kein Asservat; stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>Photo {0} has a run but no map; restore the case from a copy.</source>
        <translation>Foto {0} hat einen Lauf, aber keine Karte; stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>Photo {0} has a map but no faces; restore the case from a copy.</source>
        <translation>Foto {0} hat eine Karte, aber keine Gesichter; stellen Sie den Fall aus einer Kopie wieder her.</translation>
    </message>
    <message>
        <source>{0}: {1} then, {2} now</source>
        <translation>{0}: damals {1}, jetzt {2}</translation>
    </message>
    <message>
        <source>The photo decodes to other pixels than at intake.</source>
        <translation>Das Foto ergibt andere Bildpunkte als bei der Aufnahme in den Fall.</translation>
    </message>
    <message>
        <source>Run {0} names another photo or map than the case holds; see `revisage case verify`.</source>
        <translation>Lauf {0} nennt ein anderes Foto oder eine andere Karte, als der Fall enthält; siehe `revisage case verify`.</translation>
    </message>
    <message>
        <source>{0} (not installed)</source>
        <translation>{0} (nicht installiert)</translation>
    </message>
    <message>
        <source>The case was changed after {0} reviewed it (log entry {1}); it must be reviewed again.</source>
        <translation>Der Fall wurde nach der Zweitprüfung durch {0} geändert (Protokolleintrag {1}); er muss noch einmal geprüft werden.</translation>
    </message>
    <message>
        <source>{0} reviewed and accepted this case.</source>
        <translation>{0} hat diesen Fall geprüft und angenommen.</translation>
    </message>
    <message>
        <source>{0} worked on this case and cannot review it; a second person must.</source>
        <translation>{0} hat an diesem Fall gearbeitet und kann ihn nicht prüfen; das muss eine zweite Person tun.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Saving and recovery</source>
        <translation>Sicherung</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Content credentials</source>
        <translation>Inhaltsnachweise</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>Am Mauszeiger vergrößern und verkleinern</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Move the photo</source>
        <translation>Foto verschieben</translation>
    </message>
    <message>
        <source>Middle button</source>
        <translation>Mittlere Taste</translation>
    </message>
    <message>
        <source>On the photo</source>
        <translation>Auf dem Foto</translation>
    </message>
</context>
<context>
    <name>Sides</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>edited by hand</source>
        <translation>von Hand bearbeitet</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>{0} of {1} · seed {2}</source>
        <translation>{0}/{1} · Startwert {2}</translation>
    </message>
    <message>
        <source>Stated by {0} · seed {1}</source>
        <translation>Angegeben von {0} · Startwert {1}</translation>
    </message>
    <message>
        <source>{0} hypotheses of {1} · seed {2}</source>
        <translation>{0} Hypothesen von {1} · Startwert {2}</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Unsicherheit</translation>
    </message>
</context>
<context>
    <name>SigningPage</name>
    <message>
        <source>Content credentials</source>
        <translation>Inhaltsnachweise</translation>
    </message>
    <message>
        <source>Exported pictures carry C2PA content credentials where signing is set up. They say that a picture was made by a model, and show every later change.</source>
        <translation>Exportierte Bilder tragen Inhaltsnachweise nach C2PA, wo das Signieren eingerichtet ist. Sie sagen, dass ein Modell das Bild gebildet hat, und lassen jede spätere Änderung erkennen.</translation>
    </message>
    <message>
        <source>State of signing</source>
        <translation>Stand des Signierens</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Zertifikat</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>PEM files from your lab. Leave both empty to use what this computer has.</source>
        <translation>PEM-Dateien Ihres Labors. Lassen Sie beide leer, um zu nutzen, was dieser Rechner hat.</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>Organisation</translation>
    </message>
    <message>
        <source>Name of the laboratory</source>
        <translation>Name des Labors</translation>
    </message>
    <message>
        <source>Make a certificate</source>
        <translation>Zertifikat erzeugen</translation>
    </message>
    <message>
        <source>For labs that have none: made here, kept here, valid for five years. Readers show the name and say that they do not know who issued it.</source>
        <translation>Für Labore, die keines haben: hier erzeugt, hier aufbewahrt, fünf Jahre gültig. Leseprogramme zeigen den Namen und sagen, dass sie den Aussteller nicht kennen.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine Datei</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse: {0}</source>
        <translation>Durchsuchen: {0}</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.key)</source>
        <translation>PEM-Dateien (*.pem *.crt *.key)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Certificate and key belong together; choose both.</source>
        <translation>Zertifikat und Schlüssel gehören zusammen; wählen Sie beide.</translation>
    </message>
    <message>
        <source>Making a certificate</source>
        <translation>Zertifikat wird erzeugt</translation>
    </message>
    <message>
        <source>Exports are not signed.</source>
        <translation>Exporte werden nicht signiert.</translation>
    </message>
    <message>
        <source>Exports are signed with {0}.</source>
        <translation>Exporte werden mit {0} signiert.</translation>
    </message>
</context>
<context>
    <name>SourceChooser</name>
    <message>
        <source>No camera was found on this computer.</source>
        <translation>An diesem Rechner wurde keine Kamera gefunden.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Noch einmal suchen</translation>
    </message>
    <message>
        <source>Choose a video…</source>
        <translation>Video wählen…</translation>
    </message>
    <message>
        <source>Address of a stream</source>
        <translation>Adresse eines Streams</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open the stream</source>
        <translation>Den Stream öffnen</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Stream</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <source>Watch a camera, a video or a stream</source>
        <translation>Eine Kamera, ein Video oder einen Stream ansehen</translation>
    </message>
    <message>
        <source>Masked faces are followed and filled in while you watch, as hypotheses and labelled as such. Grab an original frame into the case whenever you like.</source>
        <translation>Gesichter mit Maske werden verfolgt und während des Ansehens ergänzt, als Hypothesen und so gekennzeichnet. Nehmen Sie jederzeit ein unverändertes Einzelbild in den Fall auf.</translation>
    </message>
    <message>
        <source>RTSP, HTTP and what else FFmpeg opens. A password is never shown or kept.</source>
        <translation>RTSP, HTTP und was FFmpeg sonst öffnet. Ein Passwort wird nie gezeigt oder aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Pointer position</source>
        <translation>Ort des Zeigers</translation>
    </message>
    <message>
        <source>Pixel value</source>
        <translation>Wert des Bildpunkts</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Vergrößerung</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>The last run used {0}</source>
        <translation>Der letzte Lauf nutzte {0}</translation>
    </message>
</context>
<context>
    <name>Themes</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>ToolRail</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>Add face</source>
        <translation>Gesicht hinzufügen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>The unfinished polygon is kept: take Polygon in hand again to go on with it.</source>
        <translation>Das unfertige Vieleck ist aufbewahrt: Nehmen Sie „Vieleck“ wieder zur Hand, um es fortzusetzen.</translation>
    </message>
    <message>
        <source>Add to map</source>
        <translation>Zur Karte hinzufügen</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Herausnehmen</translation>
    </message>
    <message>
        <source>Corner back</source>
        <translation>Ecke zurück</translation>
    </message>
    <message>
        <source>The unfinished selection is kept: take Smart select in hand again to go on with it.</source>
        <translation>Die unfertige Auswahl ist aufbewahrt: Nehmen Sie „Kantenwahl“ wieder zur Hand, um sie fortzusetzen.</translation>
    </message>
    <message>
        <source>Stroke back</source>
        <translation>Strich zurück</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Hypotheses of what a mask hides</source>
        <translation>Hypothesen dessen, was eine Maske verdeckt</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>grau</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>{0} × {1} · {2} MP · {3} · {4} bit {5}</source>
        <translation>{0} × {1} · {2} MP · {3} · {4} Bit {5}</translation>
    </message>
    <message>
        <source>no file</source>
        <translation>keine Datei</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Open photos to begin</source>
        <translation>Öffnen Sie Fotos, um zu beginnen</translation>
    </message>
    <message>
        <source>Drop photos or a folder anywhere in this window. They are opened read-only, stay on this computer, and are never changed.</source>
        <translation>Legen Sie Fotos oder einen Ordner irgendwo in diesem Fenster ab. Sie werden nur gelesen, bleiben auf diesem Rechner und werden nie verändert.</translation>
    </message>
    <message>
        <source>Add photos to this case</source>
        <translation>Fügen Sie diesem Fall Fotos hinzu</translation>
    </message>
    <message>
        <source>Drop photos or a folder anywhere in this window. Each is copied into the case byte for byte, with its SHA-256; the files themselves are never changed.</source>
        <translation>Legen Sie Fotos oder einen Ordner irgendwo in diesem Fenster ab. Jedes wird Byte für Byte in den Fall kopiert, mit seinem SHA-256; die Dateien selbst werden nie verändert.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Faces and masks are found automatically.</source>
        <translation>Gesichter und Masken werden selbsttätig gefunden.</translation>
    </message>
    <message>
        <source>Check the map</source>
        <translation>Karte prüfen</translation>
    </message>
    <message>
        <source>Correct it with brush ({0}) and eraser ({1}).</source>
        <translation>Mit Pinsel ({0}) und Radierer ({1}) berichtigen.</translation>
    </message>
    <message>
        <source>Reconstruct</source>
        <translation>Rekonstruieren</translation>
    </message>
    <message>
        <source>Choose models and run them ({0}).</source>
        <translation>Modelle wählen und starten ({0}).</translation>
    </message>
    <message>
        <source>Compare and export</source>
        <translation>Vergleichen und exportieren</translation>
    </message>
    <message>
        <source>Side by side ({0}), every picture labelled as a hypothesis.</source>
        <translation>Nebeneinander ({0}), jedes Bild als Hypothese markiert.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt</translation>
    </message>
</context>
<context>
    <name>_CaseDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
</TS>
